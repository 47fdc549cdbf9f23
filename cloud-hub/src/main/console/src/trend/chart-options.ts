import { LineChart, type LineSeriesOption } from 'echarts/charts';
import {
  AriaComponent, DataZoomComponent, GridComponent, ToolboxComponent, TooltipComponent,
  type DataZoomComponentOption, type GridComponentOption, type ToolboxComponentOption, type TooltipComponentOption,
} from 'echarts/components';
import { use, type ComposeOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { Series, SeriesRow } from '../api/types';
import { t } from '../i18n';
import { numberText, timeText } from '../shared/words';

use([LineChart, AriaComponent, DataZoomComponent, GridComponent, ToolboxComponent, TooltipComponent, CanvasRenderer]);

type Option = ComposeOption<
  LineSeriesOption | DataZoomComponentOption | GridComponentOption | ToolboxComponentOption | TooltipComponentOption
>;
type Cell = [number, number | null];

/** A point that does not change is still told now and then. When two of these are missing, there is a gap. */
const SPARE_MS = 60_000;

/** Rows in drawing order, with an empty row wherever nothing was measured or nothing measured was good. */
export function withGaps(series: Series): { at: number; row: SeriesRow | null }[] {
  const silence = Math.max(series.bucketSeconds * 1500, series.silenceSeconds * 2000 + SPARE_MS);
  const drawn: { at: number; row: SeriesRow | null }[] = [];
  let last = Number.NaN;
  for (const row of series.rows) {
    const at = Date.parse(row.at);
    if (at - last > silence) drawn.push({ at: last + silence / 2, row: null });
    if (row.avg == null || row.count === 0) {
      if (row.bad > 0) drawn.push({ at, row: null });
      continue;
    }
    drawn.push({ at, row });
    last = at;
  }
  return drawn;
}

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axisTime(value: number, spanMs: number, siteId: string): string {
  const text = timeText(value, siteId);
  return spanMs > 36 * 3_600_000 ? text.slice(5, 16) : text.slice(11, spanMs > 600_000 ? 16 : 19);
}

/** A second point over the same time, drawn dashed on an axis of its own. */
export interface Beside {
  series: Series;
  title: string;
  step: boolean;
  stateTitle: (value: number) => string | null;
}

function average(row: SeriesRow, step: boolean): number | null {
  return step ? (row.last ?? row.avg) : row.avg;
}

/** What a second point says at a time: its last step that had begun by then. */
function besideAt(rows: { at: number; row: SeriesRow | null }[], at: number): SeriesRow | null {
  return rows.findLast((r) => r.at <= at)?.row ?? null;
}

export function trendOption(
  series: Series, step: boolean, siteId: string, stateTitle: (value: number) => string | null, beside?: Beside,
): Option {
  const rows = withGaps(series);
  const otherRows = beside ? withGaps(beside.series) : [];
  const from = Date.parse(series.from);
  const to = Date.parse(series.to);
  const show = (value: number | null) =>
    value === null ? '—' : (stateTitle(value) ?? `${numberText(value)}${series.unit ? ` ${series.unit}` : ''}`);
  const showOther = (value: number | null) =>
    value === null ? '—' : (beside?.stateTitle(value) ?? `${numberText(value)}${beside?.series.unit ? ` ${beside.series.unit}` : ''}`);
  const cells = (pick: (row: SeriesRow) => number | null): Cell[] => rows.map(({ at, row }) => [at, row ? pick(row) : null]);
  const alone = (index: number) => !rows[index - 1]?.row && !rows[index + 1]?.row;
  const band = { type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: { opacity: 0 } } as const;
  const ink = color('--el-text-color-regular');
  const grid = color('--el-border-color-lighter');
  const line = color('--el-color-primary');

  return {
    animation: false,
    aria: { enabled: false },
    grid: { left: 12, right: 20, top: 30, bottom: 8, containLabel: true },
    toolbox: { show: true, itemSize: 0, feature: { dataZoom: { yAxisIndex: false, title: { zoom: '', back: '' } } } },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: color('--el-bg-color-overlay'),
      borderColor: color('--el-border-color'),
      textStyle: { color: color('--el-text-color-primary'), fontSize: 12 },
      formatter(parameters) {
        const first = Array.isArray(parameters) ? parameters[0] : parameters;
        const found = first?.dataIndex === undefined ? undefined : rows[first.dataIndex];
        if (!found) return '';
        const { at, row } = found;
        if (!row) return `${timeText(at, siteId)}\n${t('trend.gap')}`;
        const lines = [timeText(at, siteId), `${t('trend.average')} ${show(row.avg)}`];
        if (!step) lines.push(`${t('trend.lowest')} ${show(row.min)}`, `${t('trend.highest')} ${show(row.max)}`);
        if (beside) {
          const its = besideAt(otherRows, at);
          lines.push(`${beside.title} ${showOther(its && average(its, beside.step))}`);
        }
        lines.push(t('trend.samples', { count: row.count, bad: row.bad }));
        return lines.join('\n');
      },
    },
    xAxis: {
      type: 'time', min: from, max: to,
      axisLabel: { color: ink, hideOverlap: true, formatter: (value: number) => axisTime(value, to - from, siteId) },
      axisLine: { lineStyle: { color: grid } },
    },
    yAxis: [
      {
        type: 'value', scale: true, name: series.unit ?? '', nameTextStyle: { color: ink },
        axisLabel: { color: ink, formatter: (value: number) => (step ? (stateTitle(value) ?? '') : numberText(value)) },
        splitLine: { lineStyle: { color: grid } },
        ...(step ? { minInterval: 1 } : {}),
      },
      {
        type: 'value', scale: true, show: !!beside, name: beside?.series.unit ?? '', nameTextStyle: { color: ink },
        axisLabel: {
          color: ink, formatter: (value: number) => (beside?.step ? (beside.stateTitle(value) ?? '') : numberText(value)),
        },
        splitLine: { show: false },
        ...(beside?.step ? { minInterval: 1 } : {}),
      },
    ],
    series: [
      { ...band, name: 'min', data: step ? [] : cells((r) => r.min) },
      {
        ...band, name: 'band', areaStyle: { color: line, opacity: 0.22 },
        data: step ? [] : cells((r) => (r.max == null || r.min == null ? null : r.max - r.min)),
      },
      {
        type: 'line', name: 'avg', step: step ? 'end' : false, connectNulls: false, showAllSymbol: true, symbol: 'circle',
        symbolSize: (_value: unknown, { dataIndex }: { dataIndex: number }) => (alone(dataIndex) ? 5 : 0),
        lineStyle: { width: 1.6, color: line }, itemStyle: { color: line },
        data: cells((r) => average(r, step)),
      },
      {
        type: 'line', name: 'beside', yAxisIndex: 1, step: beside?.step ? 'end' : false, connectNulls: false, symbol: 'none',
        lineStyle: { width: 1.6, type: 'dashed', color: ink }, itemStyle: { color: ink },
        data: otherRows.map(({ at, row }): Cell => [at, row ? average(row, beside?.step ?? false) : null]),
      },
    ],
  };
}
