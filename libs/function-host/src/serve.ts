import { http, type Request, type Response } from '@google-cloud/functions-framework';
import type { HostedFunction } from './host.ts';

/** Registers a hosted function with the functions framework, under its own name. */
export function serveFunction(name: string, hosted: HostedFunction): void {
  http(name, async (request: Request, response: Response) => {
    const answer = await hosted({ method: request.method, path: request.path, query: request.query, headers: request.headers, body: request.body as unknown });
    response.status(answer.status).json(answer.body);
  });
}
