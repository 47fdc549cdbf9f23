"use strict";
const WORDS = {
  zh: { other: "English", leave: "退出", ask: "密码", enter: "进入", 401: "密码不正确。", 429: "尝试过多，请稍后再试。",
    503: "尚未设置密码：请在网关上运行 plantroom-edge password。", 500: "网关内部错误。", 0: "网关没有应答。",
    uplink: "上行链路", up: "正常", clock: "时钟", trusted: "可信", untrusted: "不可信", backlog: "积压（条）", lost: "丢失（条）",
    disk: "磁盘剩余", config: "中枢配置", local: "仅本地配置", trying: "试运行中", version: "版本", alarms: "当前告警",
    none: "无", devices: "设备", online: "在线", offline: "离线", problems: "配置问题", stale: "数据未更新",
    APPLIED: "已生效", INVALID: "有误", ROLLED_BACK: "已回退", REFUSED: "已拒绝", events: "事件", registers: "表计", telemetry: "遥测",
    down: "未连接", commands: "下发指令", commandsOff: "未允许", open: "执行中", done: "完成", refused: "拒绝", expired: "过期", failed: "失败", unknown: "未知",
    timeout: "无应答", no_connection: "无法连接", device_exception: "设备报错", invalid_reply: "应答无法识别", not_available: "设备无此值",
    out_of_range: "超出范围", stale_value: "数据过旧", device_doubt: "设备自身存疑" },
  en: { other: "中文", leave: "Sign out", ask: "Password", enter: "Enter", 401: "That is not the password.",
    429: "Too many tries; wait a while.", 503: "No password is set: run plantroom-edge password on the gateway.",
    500: "Something went wrong in the gateway.", 0: "The gateway does not answer.", uplink: "Uplink", up: "up", clock: "Clock",
    trusted: "trusted", untrusted: "not trusted", backlog: "Backlog (records)", lost: "Lost (records)", disk: "Disk free",
    config: "Configuration from the hub", local: "local file only", trying: "on trial", version: "Version", alarms: "Alarms now",
    none: "none", devices: "Devices", online: "online", offline: "offline", problems: "Problems of the configuration",
    stale: "not up to date", APPLIED: "applied", INVALID: "invalid", ROLLED_BACK: "rolled back", REFUSED: "refused",
    events: "events", registers: "registers", telemetry: "telemetry", down: "not connected", commands: "Commands", commandsOff: "none allowed",
    open: "open", done: "done", refused: "refused", expired: "expired", failed: "failed", unknown: "unknown", timeout: "no answer in time",
    no_connection: "no connection", device_exception: "the device reports an error", invalid_reply: "unreadable answer",
    not_available: "the device has no value", out_of_range: "out of range", stale_value: "too old", device_doubt: "the device doubts it" },
};
const $ = (id) => document.getElementById(id);
let language = localStorage.getItem("language") || (navigator.language.startsWith("zh") ? "zh" : "en");
let shown = null;
let timer = 0;
const word = (key) => WORDS[language][key] || key;
const local = (text) => (text ? text[language] : "");

function make(tag, text, kind) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

function time(text) {
  return text ? new Date(text).toLocaleString(language === "zh" ? "zh-CN" : "en-GB") : "–";
}

function size(bytes) {
  return bytes === undefined ? "–" : (bytes / 2 ** 30).toFixed(1) + " GiB";
}

function card(title, text, bad) {
  const box = make("div", title, "card");
  box.append(make("b", text, bad ? "bad" : ""));
  return box;
}

function words() {
  document.documentElement.lang = language;
  $("language").textContent = word("other");
  $("leave").textContent = word("leave");
  $("ask").textContent = word("ask");
  $("enter").textContent = word("enter");
  $("alarms-title").textContent = word("alarms");
  $("problems-title").textContent = word("problems");
  $("stale").textContent = word("stale");
}

function configuration(c) {
  const running = c.running ? c.running.slice(0, 12) : word("local");
  if (c.trying) return running + " · " + word("trying") + " " + c.trying.slice(0, 12);
  return c.outcome ? running + " · " + word(c.outcome) : running;
}

function sum(queues, figure) {
  return Object.entries(queues).filter(([, q]) => q[figure] > 0)
    .map(([name, q]) => word(name) + " " + q[figure]).join(" · ") || "0";
}

function cause(key) {
  return word(key === "stale" ? "stale_value" : key);
}

function commands(c) {
  const ends = ["open", "done", "refused", "expired", "failed", "unknown"].filter((k) => c[k] > 0).map((k) => word(k) + " " + c[k]);
  return ends.join(" · ") || (c.allowed ? "0" : word("commandsOff"));
}

function summary(s) {
  const lost = sum(s.queues, "lost");
  const low = s.disk.free !== undefined && s.disk.free < 2 ** 28;
  $("summary").replaceChildren(
    card(word("uplink"), s.uplinkDown ? word("down") + " · " + s.uplinkDown : word("up"), s.uplinkDown),
    card(word("clock"), time(s.at) + " · " + word(s.clockTrusted ? "trusted" : "untrusted"), !s.clockTrusted),
    card(word("backlog"), sum(s.queues, "backlog"), false),
    card(word("lost"), lost, lost !== "0"),
    card(word("disk"), size(s.disk.free) + " / " + size(s.disk.total), low),
    card(word("config"), configuration(s.configuration), ["INVALID", "ROLLED_BACK"].includes(s.configuration.outcome)),
    card(word("commands"), commands(s.commands), s.commands.unknown > 0),
    card(word("version"), s.version, false));
}

function device(d, open) {
  const box = make("details");
  box.dataset.key = d.key;
  box.open = open;
  const head = make("summary");
  head.append(make("span", word(d.online ? "online" : "offline"), d.online ? "good" : "bad"), " ",
    make("b", local(d.name)), " ", make("small", d.key + " · " + time(d.lastAnswer)));
  if (d.reason) head.append(make("div", d.cause ? cause(d.cause) + " · " + local(d.reason) : local(d.reason), "bad"));
  box.append(head);
  const table = make("table");
  for (const p of d.points) {
    const row = make("tr");
    row.append(make("td", local(p.title)),
      p.value === undefined ? make("td", cause(p.cause), "n bad")
        : make("td", (p.text ? local(p.text) : p.value) + " " + p.unit, p.quality === "good" ? "n" : "n bad"));
    table.append(row);
  }
  const values = make("div", undefined, "values");
  values.append(make("small", d.endpoint), table);
  box.append(values);
  return box;
}

function show(s) {
  shown = s;
  words();
  $("gateway").textContent = s.gateway;
  summary(s);
  $("alarms").replaceChildren(...(s.alarms.length ? s.alarms.map((a) => make("li",
    local(a.title) + " – " + (local(a.deviceName) || a.device) + " – " + time(a.since) + (a.value ? " – " + a.value : ""), "bad"))
    : [make("li", word("none"))]));
  const problems = s.problems.concat(s.configuration.problems);
  $("problems-box").hidden = problems.length === 0;
  $("problems").replaceChildren(...problems.map((p) => make("li", p)));
  const online = s.devices.filter((d) => d.online).length;
  $("devices-title").textContent = word("devices") + " " + online + " / " + s.devices.length;
  const open = new Set([...document.querySelectorAll("details[open]")].map((d) => d.dataset.key));
  const order = [...s.devices].sort((a, b) => a.online - b.online);
  $("devices").replaceChildren(...order.map((d) => device(d, open.has(d.key))));
}

function ask(open) {
  $("door").hidden = !open;
  $("state").hidden = open;
  $("leave").hidden = open;
}

async function refresh() {
  clearTimeout(timer);
  try {
    const answer = await fetch("/api/state");
    if (answer.status === 401) {
      ask(true);
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    ask(false);
    $("stale").hidden = true;
  } catch {
    $("stale").hidden = false;
  }
  timer = setTimeout(refresh, document.hidden ? 30000 : 3000);
}

$("door").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("refused").textContent = "";
  let status = 0;
  try {
    status = (await fetch("/api/session", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Requested-With": "plantroom" },
      body: JSON.stringify({ password: $("password").value }),
    })).status;
  } catch {
    status = 0;
  }
  $("password").value = "";
  if (status === 204) refresh();
  else $("refused").textContent = word(status);
});
$("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("language", language);
  words();
  if (shown) show(shown);
});
$("leave").addEventListener("click", async () => {
  await fetch("/api/session", { method: "DELETE" });
  shown = null;
  ask(true);
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && shown) refresh(); });
words();
refresh();
