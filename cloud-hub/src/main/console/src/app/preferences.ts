import { defineStore } from 'pinia';
import { ref, watchEffect } from 'vue';
import { i18n, type Language } from '../i18n';

export type Theme = 'light' | 'dark';
export type Zone = 'site' | 'browser';

function stored<T extends string>(key: string, allowed: readonly T[]): T | null {
  try {
    const value = localStorage.getItem(key);
    return allowed.find((a) => a === value) ?? null;
  } catch {
    return null; // Storage may be forbidden; the console works without it.
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

/** What one person likes on one browser: language, theme, time zone of the shown times. */
export const usePreferences = defineStore('preferences', () => {
  const chosenLanguage = () => stored<Language>('plantroom.language', ['zh-CN', 'en']);
  const language = ref<Language>(chosenLanguage() ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en'));
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = ref<Theme>(stored<Theme>('plantroom.theme', ['light', 'dark']) ?? (dark ? 'dark' : 'light'));
  const zone = ref<Zone>(stored<Zone>('plantroom.zone', ['site', 'browser']) ?? 'site');

  watchEffect(() => {
    i18n.global.locale.value = language.value;
    document.documentElement.lang = language.value;
  });
  watchEffect(() => document.documentElement.classList.toggle('dark', theme.value === 'dark'));

  return {
    language,
    theme,
    zone,
    toggleLanguage() {
      language.value = language.value === 'en' ? 'zh-CN' : 'en';
      store('plantroom.language', language.value);
    },
    toggleTheme() {
      theme.value = theme.value === 'dark' ? 'light' : 'dark';
      store('plantroom.theme', theme.value);
    },
    toggleZone() {
      zone.value = zone.value === 'site' ? 'browser' : 'site';
      store('plantroom.zone', zone.value);
    },
    /** The language kept with the account, unless this browser already has a choice of its own. */
    adopt(ofAccount: string | null | undefined) {
      if (!chosenLanguage() && ofAccount) language.value = ofAccount.startsWith('en') ? 'en' : 'zh-CN';
    },
  };
});
