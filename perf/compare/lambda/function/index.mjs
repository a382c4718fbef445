// What is called: the same in both.
export async function handler(event) {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Hello from the function', path: event.path, method: event.httpMethod }),
  };
}
