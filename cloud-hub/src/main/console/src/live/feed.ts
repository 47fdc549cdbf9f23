import { defineStore } from 'pinia';
import { onScopeDispose, ref, shallowRef } from 'vue';
import * as hub from '../api/calls';
import { API, ApiError } from '../api/client';
import type { Alarm, Command, Gateway, ValueEvent, WorkOrder } from '../api/types';
import { useSession } from '../session/session';

export interface EventTypes {
  alarm: Alarm;
  value: ValueEvent;
  gateway: Gateway;
  'work-order': WorkOrder;
  command: Command;
}
type Kind = keyof EventTypes;
type Listener<K extends Kind> = (batch: EventTypes[K][]) => void;

const KINDS: Kind[] = ['alarm', 'value', 'gateway', 'work-order', 'command'];
const SILENCE_MS = 30_000;
const RETRY_MS = 5_000;

/**
 * The one event stream of the console. Events are queued and handed out once per animation frame, so a flood of
 * alarms costs one update of the screen per frame. After every (re)connection the listeners of `onConnect` fetch
 * their snapshot again: what was missed while away is not in the stream.
 */
export const useFeed = defineStore('feed', () => {
  const status = ref<'connecting' | 'live' | 'stale'>('connecting');
  const staleSince = shallowRef<Date | null>(null);
  const listeners: { [K in Kind]: Set<Listener<K>> } = {
    alarm: new Set(), value: new Set(), gateway: new Set(), 'work-order': new Set(), command: new Set(),
  };
  const connected = new Set<() => void>();
  let queue: { [K in Kind]?: EventTypes[K][] } = {};
  let scheduled = false;
  let lastHeard = Date.now();
  let source: EventSource | null = null;
  let retry = 0;
  let watchdog = 0;

  function deliver<K extends Kind>(kind: K, batch: EventTypes[K][] | undefined): void {
    if (batch) for (const listener of listeners[kind]) listener(batch);
  }

  function flush(): void {
    scheduled = false;
    const batch = queue;
    queue = {};
    for (const kind of KINDS) deliver(kind, batch[kind] as never);
  }

  function enqueue(kind: Kind, data: string): void {
    heard();
    ((queue[kind] ??= []) as unknown[]).push(JSON.parse(data));
    if (scheduled) return;
    scheduled = true;
    // A hidden page gets no frames, but its title must still count.
    if (document.hidden) setTimeout(flush, 500);
    else requestAnimationFrame(flush);
  }

  function heard(): void {
    lastHeard = Date.now();
  }

  function goStale(): void {
    if (status.value === 'stale') return;
    status.value = 'stale';
    staleSince.value = new Date(lastHeard);
  }

  function open(): void {
    clearTimeout(retry);
    source?.close();
    const stream = new EventSource(`${API}/events`);
    source = stream;
    // The hub greets once it has put this stream on its list, so a snapshot asked for from now on misses nothing.
    stream.addEventListener('hello', () => {
      heard();
      status.value = 'live';
      staleSince.value = null;
      for (const listener of connected) listener();
    });
    stream.onerror = () => {
      goStale();
      if (stream.readyState === EventSource.CLOSED) retry = window.setTimeout(reopen, RETRY_MS);
    };
    for (const kind of KINDS) {
      stream.addEventListener(kind, (event) => enqueue(kind, (event as MessageEvent<string>).data));
    }
  }

  /** The stream was refused: the session may be over, which is said rather than retried for ever. */
  async function reopen(): Promise<void> {
    const session = useSession();
    try {
      if (await session.restore()) open();
      else session.end();
    } catch {
      retry = window.setTimeout(reopen, RETRY_MS);
    }
  }

  /** A line that died silently gives no error for minutes; after some silence the hub is asked a small question. */
  async function listenForLife(): Promise<void> {
    if (status.value !== 'live' || Date.now() - lastHeard < SILENCE_MS) return;
    try {
      await hub.version(AbortSignal.timeout(5_000));
      heard();
    } catch (failure) {
      if (failure instanceof ApiError && failure.status !== 0) return;
      goStale();
      open();
    }
  }

  return {
    status,
    staleSince,
    start() {
      open();
      watchdog = window.setInterval(listenForLife, 10_000);
    },
    stop() {
      clearTimeout(retry);
      clearInterval(watchdog);
      source?.close();
      source = null;
      status.value = 'connecting';
    },
    on<K extends Kind>(kind: K, listener: Listener<K>) {
      listeners[kind].add(listener);
      onScopeDispose(() => listeners[kind].delete(listener), true);
    },
    onConnect(listener: () => void) {
      connected.add(listener);
      onScopeDispose(() => connected.delete(listener), true);
    },
  };
});
