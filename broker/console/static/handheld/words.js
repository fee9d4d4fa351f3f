// Every sentence of the handheld page, in one place.

export const WORDS = {
  connecting: "正在连接…",
  connected: "已连接",
  lostSince: (time) => `未连接 自 ${time}`,
  lostAdvice: "收不到提醒。请走近 Wi-Fi，并打开对讲机。",
  hubLost: "中枢离线",
  hubLostSince: (time) => `中枢离线 自 ${time}`,
  hubLostAdvice: "已连到服务器，但没有人分配提醒。请告知管理岗。",
  hubUnknown: "已连接，等待中枢",
  hubUnknownAdvice: "还没有收到中枢的消息。",
  elsewhere: "已在另一个窗口值守",
  elsewhereAdvice: "本窗口不再响铃。",
  here: "改在此窗口值守",
  reported: "已上报",
  notReported: "未连接，请重试",
  claim: "我来接待",
  claiming: "正在上报…",
  claimingOffline: "已记下，连上后自动上报",
  seen: "知道了",
  done: "收起",
  waited: "已等",
  left: (span) => `请在 ${span} 内接下`,
  overdue: "已超时，将通知下一位",
  told: (raised) => `${raised} 通知`,
  taken: (raised, taken) => `${raised} 提醒 · ${taken} 接下`,
  ended: (raised, ended) => `${raised} 提醒 · ${ended} 结束`,
  unconfirmed: "断线前的提醒，正在核对",
  mine: "您已接下",
  claimedBy: (name) => `${name || "同事"} 已接待`,
  expired: "已过期",
  cancelled: "已取消",
  info: "通知",
  waiting: "待接",
  empty: "暂无客户到访",
  emptyAdvice: "有客户到访时，这里会响铃。",
  notStarted: "点“开始值守”后才会响铃。",
  othersWaiting: (count) => `还有 ${count} 条待接`,
  othersPast: "之前的提醒",
  keepAwakeHint: "本页不能自动保持亮屏：请在手机设置里把“自动锁屏”设为“永不”。",
  light: "户外亮色",
  dark: "暗色",
};

const STATES = { ringing: "waiting", claiming: "claiming", mine: "mine" };

export function stateWords(item) {
  if (item.state === "claimed") return WORDS.claimedBy(item.closed?.by_name);
  return WORDS[STATES[item.state] ?? item.state];
}
