namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>The actions of AWS services that HTTP APIs call directly, with their arguments (http-api.md 7).</summary>
internal static class ServiceSubtypes
{
    // Name, required arguments, optional arguments. Region is one of all.
    private static readonly (string Name, string[] Required, string[] Optional)[] s_subtypes =
    [
        ("EventBridge-PutEvents", ["Detail", "DetailType", "Source"], ["Time", "EventBusName", "Resources", "TraceHeader"]),
        ("SQS-SendMessage", ["QueueUrl", "MessageBody"], ["DelaySeconds", "MessageAttributes", "MessageDeduplicationId", "MessageGroupId", "MessageSystemAttributes"]),
        ("SQS-ReceiveMessage", ["QueueUrl"], ["AttributeNames", "MaxNumberOfMessages", "MessageAttributeNames", "ReceiveRequestAttemptId", "VisibilityTimeout", "WaitTimeSeconds"]),
        ("SQS-DeleteMessage", ["ReceiptHandle", "QueueUrl"], []),
        ("SQS-PurgeQueue", ["QueueUrl"], []),
        ("AppConfig-GetConfiguration", ["Application", "Environment", "Configuration", "ClientId"], ["ClientConfigurationVersion"]),
        ("Kinesis-PutRecord", ["StreamName", "Data", "PartitionKey"], ["SequenceNumberForOrdering", "ExplicitHashKey"]),
        ("StepFunctions-StartExecution", ["StateMachineArn"], ["Name", "Input"]),
        ("StepFunctions-StartSyncExecution", ["StateMachineArn"], ["Name", "Input", "TraceHeader"]),
        ("StepFunctions-StopExecution", ["ExecutionArn"], ["Cause", "Error"]),
    ];

    /// <summary>The arguments of a subtype; false when there is no such subtype.</summary>
    public static bool TryFind(string name, out string[] required, out string[] optional)
    {
        foreach ((string known, string[] needs, string[] takes) in s_subtypes)
        {
            if (known != name) continue;
            required = needs;
            optional = takes;
            return true;
        }

        required = optional = [];
        return false;
    }
}
