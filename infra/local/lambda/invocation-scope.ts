import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import { invocationHeader } from '../loopback/invocation-header.ts';

const scope = new AsyncLocalStorage<string>();

/** Runs one invocation: its log lines and its calls to this machine name it. */
export const inInvocation = scope.run.bind(scope);

/** The invocation of the caller. */
export const currentInvocation = (): string | undefined => scope.getStore();

/** Names the invocation in every request to this machine. A real PingOne gets no name. */
export const nameInvocationInCalls = (): void =>
  subscribe('http.client.request.created', (message) => {
    const request = Object(message).request;
    const id = currentInvocation();
    if (id === undefined || !(request instanceof ClientRequest) || request.host !== '127.0.0.1') return;
    request.setHeader(invocationHeader, id);
  });
