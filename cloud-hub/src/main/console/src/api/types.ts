// The records of the hub's HTTP API. Times are ISO-8601 in UTC; exact registers are strings, never numbers.

export interface Bilingual { zh: string; en: string }

export type Role = 'admin' | 'engineer' | 'technician' | 'billing' | 'viewer';
export type Priority = 'critical' | 'high' | 'medium' | 'low';
export type AlarmState =
  | 'active-unacknowledged'
  | 'active-acknowledged'
  | 'cleared-unacknowledged'
  | 'cleared-acknowledged';
export type Quality = 'good' | 'uncertain' | 'bad';
export type PointValue = number | string | boolean | null;

export interface Session {
  user: string;
  displayName: string;
  roles: Role[];
  grants: { role: Role; nodeId: string; nodeName: Bilingual | string }[];
  language?: string | null;
}

export interface OrganisationNode {
  id: string;
  kind: 'group' | 'company' | 'site';
  name: Bilingual;
  parent: string | null;
  timeZone?: string | null;
}

export interface Alarm {
  id: string;
  siteId: string;
  siteName: Bilingual;
  gateway: string;
  /** Null when the gateway itself has the alarm. */
  equipmentId?: string | null;
  equipmentName: Bilingual;
  category: string;
  pointId?: string | null;
  key: string;
  title: Bilingual;
  cause?: Bilingual | null;
  advice?: Bilingual | null;
  priority: Priority;
  state: AlarmState;
  latched: boolean;
  raisedAt: string;
  clearedAt?: string | null;
  acknowledgedAt?: string | null;
  acknowledgedBy?: string | null;
  note?: string | null;
  value?: PointValue;
  unit?: string | null;
  occurrences: number;
  workOrderId?: string | null;
}

export interface AlarmStep {
  at: string;
  who?: string | null;
  what: 'raised' | 'acknowledged' | 'cleared' | 're-raised';
  note?: string | null;
}
export interface AlarmDetail extends Alarm { history: AlarmStep[] }
export interface AlarmPage { items: Alarm[]; nextBefore: string | null }

export interface EquipmentSummary {
  id: string;
  siteId: string;
  siteName: Bilingual;
  gateway: string;
  device: string;
  name: Bilingual;
  category: string;
  location?: Bilingual | null;
  maker: string;
  model: string;
  profile: string;
  verified: boolean;
  link: 'online' | 'offline' | 'unknown';
  worst: Quality;
  openAlarms: Record<Priority, number>;
  lastSeen?: string | null;
}

export interface Point {
  id: string;
  name: string;
  title: Bilingual;
  kind: 'analog' | 'counter' | 'state' | 'text';
  unit?: string | null;
  states?: { code: number | string; title: Bilingual }[] | null;
  value: PointValue;
  text?: Bilingual | null;
  at?: string | null;
  quality: Quality;
  cause?: string | null;
  /** The value came ahead of the backlog and is not stored yet. */
  live?: boolean;
  /** Present when the point may be set from here. */
  settable?: { min?: string; max?: string; step?: string; states: number[] } | null;
}
export interface Equipment extends EquipmentSummary { points: Point[] }

/** A value that somebody wanted written to a device, and what became of it. */
export interface Command {
  id: string;
  siteId: string;
  equipmentId: string;
  equipmentName: Bilingual;
  gateway: string;
  point: string;
  pointTitle: Bilingual;
  unit?: string | null;
  value: string;
  reason: string;
  author: string;
  askedAt: string;
  expiresAt: string;
  state: 'sent' | 'accepted' | 'done' | 'refused' | 'expired' | 'failed' | 'unknown';
  acceptedAt?: string | null;
  endedAt?: string | null;
  problem?: { key: string; text: Bilingual; detail?: string | null } | null;
  shown?: string | null;
}

/** Which devices the hub wants a gateway to ask, and what became of it. */
export interface Desired {
  gatewayId: string;
  revision: string;
  version: string;
  text: string;
  author: string;
  note: string;
  putAt: string;
  state: 'waiting' | 'applied' | 'invalid' | 'rolled-back' | 'refused' | 'superseded';
  problems: string[];
  reportedAt?: string | null;
  running?: string | null;
}

export interface SeriesRow {
  at: string;
  min: number | null;
  max: number | null;
  avg: number | null;
  last?: number | null;
  count: number;
  bad: number;
}
export interface Series {
  pointId: string;
  unit?: string | null;
  from: string;
  to: string;
  bucketSeconds: number;
  /** The table that was read. */
  source: 'raw' | '1m' | '15m' | '1h' | '1d';
  /** For how long nothing need come while all is well. */
  silenceSeconds: number;
  rows: SeriesRow[];
}

export interface Gateway {
  id: string;
  code: string;
  siteId: string;
  siteName: Bilingual;
  name: Bilingual | string;
  link: 'online' | 'offline' | 'never-seen';
  lastSeen?: string | null;
  version?: string | null;
  backlog?: { events: number; telemetry: number } | null;
  devices: { total: number; online: number };
  clockTrusted: boolean;
  watermarks: { lane: string; epoch: number | string; sequence: number; at?: string | null }[];
}

export interface SlotCount { expected: number; received: number; bad: number; missing: number; samples: number }
export interface Hole { equipmentId: string; equipmentName: Bilingual; from: string; to: string; cause: string; points: number }
export interface LostRecords {
  lane: string;
  epoch: string;
  from: number;
  to: number;
  reason: string;
  detail?: string | null;
  oldest?: string | null;
  newest?: string | null;
  seenAt: string;
}
export interface PointCount extends SlotCount { pointId: string; equipmentId: string; equipmentName: Bilingual; title: Bilingual }
/** One day of a gateway: how complete it is, and why what is missing is missing. */
export interface GatewayDay extends SlotCount {
  gatewayId: string;
  day: string;
  timeZone: string;
  slotSeconds: number;
  points: PointCount[];
  holes: Hole[];
  lost: LostRecords[];
}

/** A message that the hub could not take in. Without lane and range when not even its header can be read. */
export interface Held {
  id: string;
  topic: string;
  reason: string;
  bytes: number;
  seen: number;
  firstSeen: string;
  lastSeen: string;
  lane?: string;
  epoch?: string;
  from?: number;
  to?: number;
  replayedAt?: string;
  replayedBy?: string;
}

export interface WorkOrder {
  id: string;
  number: string;
  siteId: string;
  siteName: Bilingual;
  equipmentId: string;
  equipmentName: Bilingual;
  kind: 'corrective' | 'preventive';
  title: Bilingual;
  priority: Priority;
  state: 'open' | 'in-progress' | 'completed';
  alarmId?: string | null;
  plan?: { key: string; counter: string; threshold: number | string; reading: number | string } | null;
  openedAt: string;
  startedAt?: string | null;
  startedBy?: string | null;
  completedAt?: string | null;
  completedBy?: string | null;
  note?: string | null;
}

export interface MeterRegister {
  id: string;
  obis: string;
  unit: string;
  digits?: number;
  decimals?: number;
  latest?: { value: string | null; at: string; quality: Quality } | null;
}
export interface Meter {
  id: string;
  equipmentId: string;
  siteId: string;
  name: Bilingual;
  medium: string;
  registers: MeterRegister[];
}

export interface Reading {
  id: string;
  version: number;
  meterId: string;
  registerId: string;
  meterName: Bilingual;
  siteId: string;
  device?: string;
  serial?: string | null;
  medium: string;
  obis: string;
  unit: string;
  at: string;
  measuredAt?: string | null;
  value: string | null;
  source: 'automatic' | 'manual';
  status: 'valid' | 'missing' | 'estimated';
  author?: string | null;
  reason?: string | null;
  acceptedAt: string;
}
export interface ReadingPage { items: Reading[]; cursor: string; more: boolean }

export interface ValueEvent {
  pointId: string;
  equipmentId: string;
  at: string;
  value: PointValue;
  quality: Quality;
  cause?: string | null;
  live?: boolean;
}

export interface Storage {
  databaseLevel: 'community' | 'apache' | 'postgresql';
  tables: 'hypertables' | 'partitions';
  replica?: { state: 'ready' | 'behind' | 'away'; behindSeconds: number | null; mostBehindSeconds: number };
  rollups: { marks: number; oldest: string | null };
  kept: { siteId: string; pointClass: string; data: string; days: number; from: string | null }[];
}
