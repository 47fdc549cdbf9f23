import { createRouter, createWebHashHistory } from 'vue-router';
import { useSession } from '../session/session';

/**
 * Going back, or an address typed by hand, means exactly what it says: nothing is added to it. It is noticed before the
 * router, which listens to the same event, starts.
 */
let fromHistory = false;
window.addEventListener('popstate', () => (fromHistory = true));

/** A printed or shortened address without the `#`, such as `/equipment/17`, opens the same screen. */
if (location.pathname !== '/') history.replaceState(null, '', `/#${location.pathname}${location.search}`);

/**
 * Addresses live behind the `#`, so any server that can hand out files can serve the console. Each screen is a
 * chunk of its own: nobody waits for the charts to see the alarms.
 */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/login', name: 'login', component: () => import('../session/LoginPage.vue'), meta: { public: true, title: 'login.title' } },
    { path: '/', redirect: (to) => ({ name: 'alarms', query: to.query }) },
    { path: '/alarms', name: 'alarms', component: () => import('../alarms/AlarmsPage.vue'), meta: { title: 'nav.alarms' } },
    { path: '/equipment', name: 'equipment', component: () => import('../equipment/EquipmentPage.vue'), meta: { title: 'nav.equipment' } },
    { path: '/equipment/:id', name: 'equipment-detail', component: () => import('../equipment/EquipmentDetailPage.vue'), meta: { title: 'nav.equipment' } },
    { path: '/gateways', name: 'gateways', component: () => import('../gateways/GatewaysPage.vue'), meta: { title: 'nav.gateways' } },
    { path: '/work-orders', name: 'work-orders', component: () => import('../work-orders/WorkOrdersPage.vue'), meta: { title: 'nav.workOrders' } },
    { path: '/readings', name: 'readings', component: () => import('../readings/ReadingsPage.vue'), meta: { title: 'nav.readings' } },
    { path: '/energy', name: 'energy', component: () => import('../energy/EnergyPage.vue'), meta: { title: 'nav.energy' } },
    { path: '/:rest(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue'), meta: { title: 'problem.noPage' } },
  ],
});

/** The site and the wall-display switch stay while moving between screens; the other filters belong to one screen. */
const KEPT = ['site', 'kiosk'] as const;
let restored = false;


router.afterEach(() => (fromHistory = false));

router.beforeEach(async (to, from) => {
  const session = useSession();
  if (!restored) {
    await session.restore().then(() => (restored = true), (problem: unknown) => (session.failure = problem));
    if (session.failure) return true;
  }
  if (session.session) {
    if (to.name === 'login') return { name: 'alarms' };
    const lost = KEPT.filter((key) => !fromHistory && to.path !== from.path && from.query[key] && !to.query[key]);
    return lost.length ? { ...to, query: { ...to.query, ...Object.fromEntries(lost.map((key) => [key, from.query[key]])) } } : true;
  }
  return to.meta['public'] ? true : { name: 'login', query: { next: to.fullPath } };
});
