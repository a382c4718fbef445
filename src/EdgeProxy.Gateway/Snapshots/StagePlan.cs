using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Tracing;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A stage as it is run. A request captures it once, at host selection, and finishes on it.</summary>
internal sealed class StagePlan
{
    private const int DrawBits = 53; // as many as a percentage in a double has

    private readonly double _canaryPercent;
    private readonly ulong _canaryShare;

    public required ApiFacts Api { get; init; }

    /// <summary>Matched with case.</summary>
    public required Utf8Text Name { get; init; }

    /// <summary>What outlasts this plan.</summary>
    public required StageLive Live { get; init; }

    /// <summary>The deployment that takes requests.</summary>
    public required StageDeployment Main { get; init; }

    /// <summary>The deployment that takes a share of them; null without a canary.</summary>
    public StageDeployment? Canary { get; init; }

    /// <summary>The canary's share of the requests, from 0 to 100.</summary>
    public double CanaryPercent
    {
        get => _canaryPercent;
        init
        {
            _canaryPercent = value;
            _canaryShare = (ulong)(Math.Clamp(value, 0, 100) / 100 * (1UL << DrawBits));
        }
    }

    /// <summary>What usage plans say of this stage, by their ordinal in the ledger; null when none lists it.</summary>
    public PlanStage?[]? UsagePlans { get; init; }

    /// <summary>Picks the walk.</summary>
    public ApiKind Kind => Api.Kind;

    /// <summary>The deployment that serves a request: the canary's by an independent draw, nothing of the client remembered (rest-api.md 10).</summary>
    public StageDeployment Draw(FastRandom random) =>
        Canary is { } canary && (random.Next() >> (64 - DrawBits)) < _canaryShare ? canary : Main;

    /// <summary>The same with other usage plans.</summary>
    public StagePlan With(PlanStage?[]? usagePlans) => new() { Api = Api, Name = Name, Live = Live, Main = Main, Canary = Canary, CanaryPercent = CanaryPercent, UsagePlans = usagePlans };

    /// <summary>Builds the plan of a stage without canary: the usual case.</summary>
    /// <param name="api">The API.</param>
    /// <param name="name">The stage.</param>
    /// <param name="deployment">The deployment it points at.</param>
    /// <param name="variables">Its variables.</param>
    /// <param name="live">The node's live state, which gives back what an earlier plan of the same stage had.</param>
    /// <param name="defaultSettings">For routes without settings of their own.</param>
    /// <param name="settings">By ordinal, or null when no route has its own.</param>
    /// <param name="defaultProtocol">For integrations that name no protocol (<c>upstream.protocol</c>).</param>
    /// <param name="clientCertificate">The files of what upstreams are shown when they ask; null for nothing.</param>
    /// <param name="links">What VPC links stand for, by id.</param>
    public static StagePlan Build(
        ApiFacts api, Utf8Text name, DeploymentPlan deployment, StageVariables variables, LiveRegistry live,
        RouteSettings? defaultSettings = null, RouteSettings[]? settings = null, UpstreamProtocol defaultProtocol = UpstreamProtocol.Http1,
        (string Certificate, string Key)? clientCertificate = null, IReadOnlyDictionary<string, VpcLink>? links = null)
    {
        StageLive stage = live.Stage(api, name.ToString());
        return new StagePlan
        {
            Api = api,
            Name = name,
            Live = stage,
            Main = new StageDeployment(deployment, variables, stage, defaultSettings ?? RouteSettings.Detailed, settings, defaultProtocol, clientCertificate, links),
        };
    }
}
