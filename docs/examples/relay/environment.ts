import {
  Environment,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  type RequestParameters,
  Store,
  type Variables,
} from 'relay-runtime';

export function createEnvironment(url: string): Environment {
  function send(
    { text: query, name: operationName }: RequestParameters,
    variables: Variables,
    more: RequestInit,
  ) {
    return fetch(url, {
      method: 'POST',
      body: JSON.stringify({ query, operationName, variables }),
      ...more,
      headers: { 'content-type': 'application/json', ...more.headers },
    });
  }

  const network = Network.create(
    async (request, variables) => (await (await send(request, variables, {})).json()) as GraphQLResponse,
    (request, variables) =>
      Observable.create<GraphQLResponse>((sink) => {
        const unsubscribed = new AbortController();
        const { signal } = unsubscribed;
        send(request, variables, { signal, headers: { accept: 'text/event-stream' } })
          .then((response) => readEvents(response, sink.next))
          .then(sink.complete, sink.error);
        return () => unsubscribed.abort();
      }),
  );
  return new Environment({ network, store: new Store(new RecordSource()) });
}

/** Reads Server-Sent Events with `fetch`, because `EventSource` cannot send a token. */
async function readEvents(response: Response, onEvent: (event: GraphQLResponse) => void): Promise<void> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return onEvent((await response.json()) as GraphQLResponse); // refused
  }
  let text = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (text + piece).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data !== undefined) onEvent(JSON.parse(data) as GraphQLResponse);
    }
  }
}
