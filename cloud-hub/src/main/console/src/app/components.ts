import 'element-plus/es/components/alert/style/css';
import 'element-plus/es/components/button/style/css';
import 'element-plus/es/components/config-provider/style/css';
import 'element-plus/es/components/date-picker/style/css';
import 'element-plus/es/components/dialog/style/css';
import 'element-plus/es/components/drawer/style/css';
import 'element-plus/es/components/form/style/css';
import 'element-plus/es/components/form-item/style/css';
import 'element-plus/es/components/input/style/css';
import 'element-plus/es/components/option/style/css';
import 'element-plus/es/components/radio-button/style/css';
import 'element-plus/es/components/radio-group/style/css';
import 'element-plus/es/components/select/style/css';
import 'element-plus/es/components/timeline/style/css';
import 'element-plus/es/components/timeline-item/style/css';
import 'element-plus/es/components/table-v2/style/css';
import {
  ElAlert, ElButton, ElConfigProvider, ElDatePicker, ElDialog, ElDrawer, ElForm, ElFormItem, ElInput, ElOption,
  ElRadioButton, ElRadioGroup, ElSelect, ElTimeline, ElTimelineItem,
} from 'element-plus';
import type { App, Component } from 'vue';

/** Only what the screens use ends up in the bundle, scripts and styles alike. */
export function registerComponents(app: App): void {
  const used: Record<string, Component> = {
    ElAlert, ElButton, ElConfigProvider, ElDatePicker, ElDialog, ElDrawer, ElForm, ElFormItem, ElInput, ElOption,
    ElRadioButton, ElRadioGroup, ElSelect, ElTimeline, ElTimelineItem,
  };
  for (const [name, component] of Object.entries(used)) app.component(name, component);
}
