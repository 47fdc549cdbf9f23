import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import * as hub from '../api/calls';
import { ApiError } from '../api/client';
import type { Role, Session } from '../api/types';
import { usePreferences } from '../app/preferences';

/** What a role may do; the hub decides, the console only hides what would be refused. */
const ALLOWED = {
  respond: ['admin', 'engineer', 'technician'],
  readings: ['admin', 'billing'],
  replay: ['admin'],
  operate: ['admin', 'engineer'],
  planTariffs: ['admin', 'billing'],
  analyse: ['admin', 'engineer'],
} satisfies Record<string, Role[]>;

export const useSession = defineStore('session', () => {
  const session = ref<Session | null>(null);
  const expired = ref(false);
  const failure = ref<unknown>(null);
  const can = (action: keyof typeof ALLOWED) =>
    session.value?.roles.some((role) => (ALLOWED[action] as Role[]).includes(role)) ?? false;

  function begin(signedIn: Session): void {
    session.value = signedIn;
    expired.value = false;
    usePreferences().adopt(signedIn.language);
  }

  return {
    session,
    expired,
    /** Why it is not even known whether somebody is signed in. */
    failure,
    mayRespond: computed(() => can('respond')),
    maySeeReadings: computed(() => can('readings')),
    mayReplay: computed(() => can('replay')),
    mayOperate: computed(() => can('operate')),
    mayPlanTariffs: computed(() => can('planTariffs')),
    mayAnalyse: computed(() => can('analyse')),
    /** True when somebody is signed in. */
    async restore(): Promise<boolean> {
      try {
        begin(await hub.currentSession());
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.status === 401)) throw failure;
        session.value = null;
      }
      return session.value !== null;
    },
    async signIn(user: string, password: string) {
      begin(await hub.signIn(user, password));
    },
    async signOut() {
      await hub.signOut();
      session.value = null;
    },
    /** The hub no longer knows the session. Several answers may say so at once. */
    end() {
      if (session.value) expired.value = true;
      session.value = null;
    },
  };
});
