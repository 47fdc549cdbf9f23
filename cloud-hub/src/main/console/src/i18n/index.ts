import { createI18n } from 'vue-i18n';
import type { Bilingual } from '../api/types';
import en from './en.json';
import zhCN from './zh-CN.json';

export type Language = 'zh-CN' | 'en';

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN' as Language,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zhCN, en },
});

export const { t, te: knows } = i18n.global;

export function language(): Language {
  return i18n.global.locale.value as Language;
}

/** The text of a record in the language on screen; the other one rather than nothing. */
export function say(text: Bilingual | string | null | undefined): string {
  if (!text) return '';
  if (typeof text === 'string') return text;
  return language() === 'en' ? text.en || text.zh : text.zh || text.en;
}
