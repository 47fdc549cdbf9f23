import { registerComponents } from './app/components';
import 'element-plus/theme-chalk/dark/css-vars.css';
import './styles/tokens.css';
import './styles/console.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { whenSignedOut } from './api/client';
import App from './app/App.vue';
import { router } from './app/router';
import { i18n } from './i18n';
import { useSession } from './session/session';

const app = createApp(App).use(createPinia()).use(i18n).use(router);
registerComponents(app);
whenSignedOut(() => {
  useSession().end();
  void router.replace({ name: 'login', query: { next: router.currentRoute.value.fullPath } });
});
app.mount('#app');
