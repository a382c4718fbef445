// Each scenario starts processes and fills sockets; on a small machine two at once would only make both slow.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
