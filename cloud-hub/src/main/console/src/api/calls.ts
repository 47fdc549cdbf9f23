import { address, fetchJson, post, put, remove } from './client';
import type {
  Alarm, AlarmDetail, AlarmPage, Command, Desired, Equipment, EquipmentSummary, Gateway, GatewayDay, Held, Meter,
  OrganisationNode, Reading, ReadingPage, Series, Session, Storage, WorkOrder,
} from './types';

const id = encodeURIComponent;

export const signIn = (user: string, password: string) => post<Session>('/session', { user, password });
export const currentSession = () => fetchJson<Session>('/session');
export const signOut = () => remove('/session');
export const organisation = () => fetchJson<OrganisationNode[]>('/organisation');
export const version = (signal: AbortSignal) => fetchJson<{ version: string }>('/version', undefined, signal);
export const storage = (signal: AbortSignal) => fetchJson<Storage>('/storage', undefined, signal);

export interface AlarmQuery {
  state?: string;
  site?: string | undefined;
  priority?: string;
  equipment?: string;
  text?: string;
  limit?: number;
  before?: string | null;
}
export const alarms = (query: AlarmQuery, signal?: AbortSignal) => fetchJson<AlarmPage>('/alarms', { ...query }, signal);
export const alarm = (alarmId: string, signal?: AbortSignal) => fetchJson<AlarmDetail>(`/alarms/${id(alarmId)}`, undefined, signal);
export const acknowledge = (alarmId: string, note: string) =>
  post<Alarm>(`/alarms/${id(alarmId)}/acknowledge`, note ? { note } : {});

export const equipmentList = (site: string | undefined, signal?: AbortSignal) =>
  fetchJson<EquipmentSummary[]>('/equipment', { site }, signal);
export const equipment = (equipmentId: string, signal?: AbortSignal) =>
  fetchJson<Equipment>(`/equipment/${id(equipmentId)}`, undefined, signal);
export const commands = (equipmentId: string, signal?: AbortSignal) =>
  fetchJson<Command[]>(`/equipment/${id(equipmentId)}/commands`, undefined, signal);
export const setPoint = (equipmentId: string, command: { point: string; value: string; reason: string }) =>
  post<Command>(`/equipment/${id(equipmentId)}/commands`, command);
export const series = (pointId: string, from: string, to: string, buckets: number, signal?: AbortSignal) =>
  fetchJson<Series>(`/points/${id(pointId)}/series`, { from, to, buckets }, signal);

export const gateways = (site: string | undefined, signal?: AbortSignal) => fetchJson<Gateway[]>('/gateways', { site }, signal);

export const gatewayDay = (gatewayId: string, day: string | undefined, signal?: AbortSignal) =>
  fetchJson<GatewayDay>(`/gateways/${id(gatewayId)}/gaps`, { day }, signal);

export const desiredHistory = (gatewayId: string, signal?: AbortSignal) =>
  fetchJson<Desired[]>(`/gateways/${id(gatewayId)}/desired/history`, undefined, signal);
export const checkDesired = (gatewayId: string, text: string) =>
  post<{ version: string; devices: number; problems: string[] }>(`/gateways/${id(gatewayId)}/desired/check`, { text });
export const putDesired = (gatewayId: string, wanted: { text: string; note?: string; basedOn?: string }) =>
  put<Desired>(`/gateways/${id(gatewayId)}/desired`, wanted);

export const quarantine = (gatewayId: string, signal?: AbortSignal) =>
  fetchJson<Held[]>(`/gateways/${id(gatewayId)}/quarantine`, undefined, signal);
export const replay = (heldId: string) => post<{ samples: number; events: number }>(`/quarantine/${id(heldId)}/replay`, {});

export const workOrders = (query: { state: string; site?: string | undefined; equipment?: string }, signal?: AbortSignal) =>
  fetchJson<WorkOrder[]>('/work-orders', query, signal);
export const startWorkOrder = (orderId: string, note: string) =>
  post<WorkOrder>(`/work-orders/${id(orderId)}/start`, note ? { note } : {});
export const completeWorkOrder = (orderId: string, note: string, cause: string) =>
  post<WorkOrder>(`/work-orders/${id(orderId)}/complete`, cause ? { note, cause } : { note });

export const meters = (site: string | undefined, signal?: AbortSignal) => fetchJson<Meter[]>('/meters', { site }, signal);
export const readings = (after: string | null, limit: number, site: string | undefined, signal?: AbortSignal) =>
  fetchJson<ReadingPage>('/readings', { after, limit, site }, signal);
export const takeReadings = (site: string, at: string) => post<{ taken: number; missing: number }>('/cut-offs', { site, at });
export const enterReading = (reading: { registerId: string; at: string; value: string; reason: string }) =>
  post<Reading>('/readings', reading);

/** Address of a file with samples, or steps of a rollup, of some points. */
export const exportAddress = (
  siteId: string, points: string[], from: string, to: string, step: string, format: 'csv' | 'xlsx', language: 'zh' | 'en',
) => address(`/sites/${id(siteId)}/series/export`, { points: points.join(','), from, to, step, format, language });
