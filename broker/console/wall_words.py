"""What the page on the wall says, in each language. Pure."""

from shared.words import Words

WORDS = Words(
    {
        "title": {"zh-CN": "接待看板", "en": "Reception board", "zh-TW": "接待看板"},
        "waiting": {"zh-CN": "等候接待", "en": "Waiting", "zh-TW": "等候接待"},
        "arrivals": {"zh-CN": "刚刚到访", "en": "Just arrived", "zh-TW": "剛剛到訪"},
        "line": {"zh-CN": "今日轮序", "en": "Today's line", "zh-TW": "今日輪序"},
        "nobody_waits": {
            "zh-CN": "没有客户在等候",
            "en": "Nobody is waiting",
            "zh-TW": "沒有客戶在等候",
        },
        "no_arrivals": {
            "zh-CN": "{minutes} 分钟内无车辆到访",
            "en": "No car in {minutes} minutes",
            "zh-TW": "{minutes} 分鐘內無車輛到訪",
        },
        "no_line": {"zh-CN": "尚未排轮", "en": "No line yet", "zh-TW": "尚未排輪"},
        "more": {"zh-CN": "另有 {count} 位", "en": "{count} more", "zh-TW": "另有 {count} 位"},
        "visitor": {"zh-CN": "客户", "en": "Visitor", "zh-TW": "客戶"},
        "on_foot": {"zh-CN": "步行到访", "en": "On foot", "zh-TW": "步行到訪"},
        "minutes": {"zh-CN": "{minutes} 分钟", "en": "{minutes} min", "zh-TW": "{minutes} 分鐘"},
        "now": {"zh-CN": "刚到", "en": "just now", "zh-TW": "剛到"},
        "host_comes": {"zh-CN": "{host}接待", "en": "{host} comes", "zh-TW": "{host}接待"},
        "state_waiting": {"zh-CN": "等候", "en": "waiting", "zh-TW": "等候"},
        "state_arrived": {"zh-CN": "已到场", "en": "at the gate", "zh-TW": "已到場"},
        "state_called": {"zh-CN": "已通知", "en": "called", "zh-TW": "已通知"},
        "state_serving": {"zh-CN": "接待中", "en": "received", "zh-TW": "接待中"},
        "note_接待中": {"zh-CN": "接待中", "en": "receiving", "zh-TW": "接待中"},
        "note_请假": {"zh-CN": "请假", "en": "on leave", "zh-TW": "請假"},
        "note_暂离": {"zh-CN": "暂离", "en": "away", "zh-TW": "暫離"},
        "note_补接": {"zh-CN": "补接", "en": "make-up turn", "zh-TW": "補接"},
        "fine": {"zh-CN": "设备正常", "en": "All devices online", "zh-TW": "設備正常"},
        "lost": {"zh-CN": "离线：{names}", "en": "Offline: {names}", "zh-TW": "離線：{names}"},
        "stale": {
            "zh-CN": "连接中断，画面停在",
            "en": "Connection lost, as of",
            "zh-TW": "連線中斷，畫面停在",
        },
        "over": {
            "zh-CN": "此大屏链接已失效，请案场管理岗重新出示。",
            "en": "This link is over. Ask a manager for a new one.",
            "zh-TW": "此大屏連結已失效，請案場管理崗重新出示。",
        },
        "weekdays": {"zh-CN": "一二三四五六日", "en": "MTWTFSS", "zh-TW": "一二三四五六日"},
        "day": {
            "zh-CN": "{month} 月 {day} 日 星期{weekday}",
            "en": "{iso}",
            "zh-TW": "{month} 月 {day} 日 星期{weekday}",
        },
        "link_title": {"zh-CN": "大屏", "en": "Page on the wall", "zh-TW": "大屏"},
        "link_how": {
            "zh-CN": "在大屏的浏览器里打开下面的地址，或用它扫码。无需登录，只能看，车牌已遮挡。",
            "en": "Open this address in the screen's browser, or scan the code with it. Nobody "
            "logs in there; it only shows, and plates are masked.",
            "zh-TW": "在大屏的瀏覽器裡打開下面的網址，或用它掃碼。無需登入，只能看，車牌已遮擋。",
        },
        "link_end": {
            "zh-CN": "链接长期有效。要让所有大屏链接失效：改 hub.toml 里的 wall_stamp，重启中枢。",
            "en": "The link does not expire. To end every such link, change `wall_stamp` in "
            "hub.toml and restart the hub.",
            "zh-TW": "連結長期有效。要讓所有大屏連結失效：改 hub.toml 裡的 wall_stamp，重啟中樞。",
        },
        "link_local": {
            "zh-CN": "大屏打不开“localhost”。请用这台电脑在局域网里的地址打开本页。",
            "en": "A screen cannot open “localhost”. Open this page by this machine's own address.",
            "zh-TW": "大屏打不開「localhost」。請用這台電腦在區域網路裡的網址打開本頁。",
        },
        "back": {"zh-CN": "返回总览", "en": "Back", "zh-TW": "返回總覽"},
    }
)
