using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Integrations.Http;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>Asks one target again and again whether it works. Loop thread only.</summary>
internal sealed class HealthProbe : LoopTimer
{
    private const long LongestFirstPause = 1_000_000_000;

    private readonly HealthWatch _watch;
    private readonly TargetLive _target;
    private UpstreamGroup _group;
    private CheckedHealth _found;
    private bool _isRunning;
    private bool _isStopped;

    public HealthProbe(HealthWatch watch, UpstreamGroup group, TargetLive target)
    {
        _watch = watch;
        _group = group;
        _target = target;

        // Not all at once: a node starts with hundreds of them, and a hundred nodes start together.
        watch.Loop.Timers.Set(this, watch.Loop.Now + Spread(Math.Min(Plan.Interval, LongestFirstPause)));
    }

    private HealthCheckPlan Plan => _group.Policy.Health;

    /// <summary>Goes on by what another plan says.</summary>
    public void Follow(UpstreamGroup group) => _group = group;

    /// <summary>Asks no more; what was found does not count any longer.</summary>
    public void Stop()
    {
        _isStopped = true;
        _watch.Loop.Timers.Detach(this);
        Tell(isDown: false);
    }

    protected override void OnDeadline(long now)
    {
        if (!_isRunning) RunAsync().Forget();
    }

    private async LoopTask RunAsync()
    {
        _isRunning = true;
        HealthCheckPlan plan = Plan;
        UpstreamCall call = _watch.Upstreams.Rent(_target.Name);
        Fill(call, plan);
        UpstreamOutcome outcome = await call.SendAsync(_target.Name);
        bool isGood = outcome == UpstreamOutcome.Ok && plan.Statuses.Contains(call.Response.Status);
        string why = outcome == UpstreamOutcome.Ok ? $"status {call.Response.Status}" : outcome.ToString();
        if (outcome == UpstreamOutcome.Ok) await DiscardAnswer.RunAsync(call);
        call.Return();
        _isRunning = false;
        if (_isStopped) return;

        // That the node has no connection left for it says nothing about the target.
        if (CallJudgements.Of(_group.Policy, outcome, 200, isClientsTime: false) != CallJudgement.None)
        {
            _group.Live.Series.Checks(_target, isGood).Increment(_watch.Loop.Ordinal);
            CheckedHealth before = _found;
            _found = before.After(isGood, plan);
            if (before.IsDown != _found.IsDown)
            {
                Tell(_found.IsDown);
                if (_found.IsDown) UpstreamLog.Down(_watch.Log, _target.Label, _group.Live.Name, _group.Live.Series.Api, _group.Live.Series.Stage, plan.Path!, why);
                else UpstreamLog.Up(_watch.Log, _target.Label, _group.Live.Name, _group.Live.Series.Api, _group.Live.Series.Stage, plan.Path!);
            }
        }

        _watch.Loop.Timers.Set(this, _watch.Loop.Now + (plan.Interval - (plan.Interval / 10)) + Spread(plan.Interval / 5));
    }

    private void Tell(bool isDown) => _group.Live.SetDown(_target, isDown);

    private long Spread(long most) => (long)(_watch.Random.Next() % (ulong)Math.Max(1, most));

    private void Fill(UpstreamCall call, HealthCheckPlan plan)
    {
        call.Method = HttpMethod.Get;
        call.MethodStart = call.Headers.Append("GET"u8);
        call.MethodLength = 3;
        byte[] path = Encoding.ASCII.GetBytes(plan.Path!);
        call.TargetStart = call.Headers.Append(path);
        call.TargetLength = path.Length;
        call.Headers.Add(KnownHeader.Host, "Host"u8, _group.Host);
        call.Headers.Add(KnownHeader.UserAgent, "User-Agent"u8, "EdgeProxy-HealthCheck"u8);
        call.Headers.Add(KnownHeader.Accept, "Accept"u8, "*/*"u8);
        call.Deadline = _watch.Loop.Now + plan.Timeout;
    }
}
