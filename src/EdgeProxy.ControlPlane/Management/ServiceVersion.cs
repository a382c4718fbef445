namespace EdgeProxy.ControlPlane.Management;

/// <summary>Which of the two services an operation is of: their wire forms differ (control-plane.md 1.1, 2.1).</summary>
public enum ServiceVersion
{
    /// <summary><c>apigateway</c>: REST APIs.</summary>
    V1,

    /// <summary><c>apigatewayv2</c>: HTTP and WebSocket APIs, below <c>/v2</c>.</summary>
    V2,
}
