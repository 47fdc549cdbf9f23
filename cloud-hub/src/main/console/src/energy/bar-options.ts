import { BarChart, type BarSeriesOption } from 'echarts/charts';
import {
  AriaComponent, GridComponent, LegendComponent, TooltipComponent,
  type GridComponentOption, type LegendComponentOption, type TooltipComponentOption,
} from 'echarts/components';
import { use, type ComposeOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { numberText } from '../shared/words';

use([BarChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export interface Bars { name: string; values: (number | null)[]; stack?: string; doubtful?: boolean[] }
export type BarOption = ComposeOption<BarSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption>;

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Bars side by side or on each other; what is estimated is paler. */
export function barOption(labels: string[], unit: string, bars: Bars[]): BarOption {
  const ink = color('--el-text-color-regular');
  const line = color('--el-border-color-lighter');
  return {
    animation: false,
    aria: { enabled: false },
    grid: { left: 12, right: 20, top: 34, bottom: 34, containLabel: true },
    legend: { bottom: 0, type: 'scroll', textStyle: { color: ink }, pageTextStyle: { color: ink } },
    tooltip: {
      trigger: 'axis', renderMode: 'richText', confine: true,
      valueFormatter: (value) => (typeof value === 'number' ? `${numberText(value)} ${unit}` : '—'),
    },
    xAxis: { type: 'category', data: labels, axisLabel: { color: ink, hideOverlap: true }, axisLine: { lineStyle: { color: line } } },
    yAxis: { type: 'value', name: unit, nameTextStyle: { color: ink }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } },
    series: bars.map((bar) => ({
      type: 'bar' as const,
      name: bar.name,
      ...(bar.stack ? { stack: bar.stack } : {}),
      barMaxWidth: 36,
      data: bar.values.map((value, i) => ({ value, itemStyle: { opacity: bar.doubtful?.[i] ? 0.45 : 1 } })),
    })),
  };
}
