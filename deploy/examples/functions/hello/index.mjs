// What AWS Lambda would run, unchanged: an event in, a result out.

// AWS_PROXY: the event is the whole request (payload format 1.0), the result the whole response.
export const handler = async (event, context) => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  multiValueHeaders: { "Set-Cookie": [`seen=${encodeURIComponent(event.path)}; Path=/`] },
  body: JSON.stringify({
    message: `${process.env.GREETING ?? "Hello"}, ${event.pathParameters?.name ?? "world"}!`,
    method: event.httpMethod,
    query: event.multiValueQueryStringParameters,
    body: event.body,
    requestId: context.awsRequestId,
  }),
});

// AWS: the event is what the request template made; an error is told by its message.
export const greet = async ({ name }) => {
  if (!name) throw new Error("[BadRequest] A name is needed.");
  return { greeting: `Hello, ${name}!` };
};

// STREAM: the metadata first, then the body as it comes.
export const count = awslambda.streamifyResponse(async (event, stream) => {
  stream = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { "Content-Type": "text/plain" } });
  for (let i = 1; i <= 5; i++) {
    stream.write(`${i}\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  stream.end();
});
