import {
  ElAlert, ElButton, ElConfigProvider, ElDatePicker, ElDescriptions, ElDescriptionsItem, ElDialog, ElDrawer, ElForm, ElFormItem,
  ElInput, ElOption, ElRadioButton, ElRadioGroup, ElSelect, ElTag, ElTimeline, ElTimelineItem, ElTreeSelect,
} from 'element-plus';
import type { App, Component } from 'vue';

/** Only what the screens use ends up in the bundle. */
export function registerComponents(app: App): void {
  const used: Record<string, Component> = {
    ElAlert, ElButton, ElConfigProvider, ElDatePicker, ElDescriptions, ElDescriptionsItem, ElDialog, ElDrawer, ElForm, ElFormItem,
    ElInput, ElOption, ElRadioButton, ElRadioGroup, ElSelect, ElTag, ElTimeline, ElTimelineItem, ElTreeSelect,
  };
  for (const [name, component] of Object.entries(used)) app.component(name, component);
}
