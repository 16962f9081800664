"""The Chinese side of every refusal, by its reason; only data, by topic."""

from typing import Final

AGENTS: Final[dict[str, str]] = {
    "no_such_agent": "没有工号为 {agent} 的坐席，也没有坐席签入在该分机上",
    "no_agent": "没有坐席 {agent}",
    "nobody_on_phone": "分机 {extension} 上没有坐席签入",
    "agent_in_talk": "坐席 {agent} 正在分机 {extension} 上通话：请稍后再在别处签入",
    "phone_in_talk": "坐席 {agent} 正在分机 {extension} 上通话",
    "not_in_wrap_up": "坐席 {agent} 不在后处理中，而是{state}",
    "wrap_up_at_its_longest": "坐席 {agent} 的后处理已达最长时间（wrap_up_max_s）",
    "breaks_used_up": (
        "坐席 {agent} 本班次的小休 {code} 已用完：请选其他原因，或调整 per_shift、per_shift_s"
    ),
    "no_talk_yet": "坐席 {agent} 还没有通过话",
    "no_dispositions": "{code} 不是该通话所属队列的处理结果代码；该队列没有：请设置其 disposition.codes",
    "no_such_disposition": "{code} 不是该通话所属队列的处理结果代码；可用的有：{known}",
    "owes_disposition": "坐席 {agent} 尚未登记通话 {call} 的处理结果：ccd agent disposition {agent} CODE",
    "not_signed_in": "坐席 {agent} 未签入：请先签入",
    "agent_signed_out": "坐席 {agent} 未签入",
    "agent_signed_in": "坐席 {agent} 已签入：请先签出（ccd agent sign-out {agent}）",
    "on_which_phone": "在哪部话机上？坐席 {agent} 没有自己的话机：ccd agent sign-in {agent} EXTENSION",
    "agent_exists": "坐席 {agent} 已存在；请修改该坐席，或另选工号",
    "agent_twice": "坐席 {agent} 出现了两次",
    "fault_of_agent": "坐席 {agent}：{problem}",
    "import_again": "期间有坐席被添加或删除；请重新导入",
    "bad_agent_number": "工号须为 1–32 个字母、数字、- 或 _",
    "bad_extension": "分机须为 1–32 个字母、数字、- 或 _",
    "bad_pin": "PIN 须为 4–32 位数字：要在话机上输入",
    "bad_caller_id": "主叫号码须为 1–20 位数字，前面可以有 +",
    "bad_queue_name": "队列 {queue}：名称须为 1–64 个 a–z、0–9、- 或 _",
    "bad_penalty": "队列 {queue}：惩罚值须为 0 到 {most}",
    "bad_ring_time": "队列 {queue}：振铃时长须为 1 到 {most} 秒",
    "bad_wrap_up": "队列 {queue}：后处理时长须为 0 到 {most} 秒",
    "bad_skill_name": "技能 {skill}：名称须为 1–64 个 a–z、0–9、- 或 _",
    "bad_level": "技能 {skill}：等级须为 0 到 {most}",
    "bad_calls_per_hour": "每小时通话数：0（不限）到 {most}",
    "bad_calls_per_day": "每天通话数：0（不限）到 {most}",
    "bad_rest": "通话间隔：0 到 {most} 秒",
}

CALLS: Final[dict[str, str]] = {
    "no_such_call": "ccd 中现在没有通话 {call}；已结束的通话：ccd cdr show {call}",
    "asterisk_did_not": "Asterisk 没有执行：{problem}",
    "no_link": "与 Asterisk 管理接口 {host}:{port} 没有连接：什么也没有发送",
    "outcome_unknown": "{action}：Asterisk 在 {timeout_s:g} 秒内没有应答：不知道是否已执行",
    "phone_unreachable": "话机 {extension} 未接听：无法接通",
    "phone_not_answered": "话机 {extension} 未接听：{status}",
    "phone_of_talk": "话机 {extension} 正是这次通话的话机",
    "no_number": "{number} 不是号码：只能是数字，最多 32 位",
    "number_not_allowed": "ccd.yaml 的 outbound 不允许 {number}，也没有使用该号码的话机",
    "no_such_place": "没有可以把来电转到的 {to}；可用的有：{known}",
    "no_survey": "没有可以转入的满意度调查：请在 `surveys` 中添加一个",
    "not_waiting": "通话 {call} 不在任何队列中等待",
    "not_recorded": "通话 {call} 没有在录音",
    "nothing_to_record": "通话 {call} 没有在录音：不在通话中，或其队列不录音",
    "no_such_key": "没有这个按键：{key}",
    "no_caller": "坐席 {agent} 没有在与来电者通话",
    "busy_picking": "正在通话的坐席不能代接其他来电",
    "no_such_code": "没有这个功能代码：{code}：请重新生成拨号方案",
    "no_such_entrance": "拨号方案所指的 {entry} 不在 ccd.yaml 中：请重新生成拨号方案（ccd asterisk render）",
}

QUEUES: Final[dict[str, str]] = {
    "no_such_queue": "没有名为 {queue} 的队列；可用的有：{known}",
    "same_queue": "他们已经在队列 {queue} 中",
    "no_moment": "until {until}：不是可用的时刻（{error}）；请写 14:00 或 2026-11-22T14:00",
    "no_callbacks": "队列 {queue} 不提供回呼：请为它设置 `callback: {{}}`",
    "callback_not_allowed": "ccd.yaml 的 outbound 不允许 {number}",
    "callback_promised": "{number} 已在名单上：回呼 {callback}",
    "callback_closed": "回呼 {callback} 已结束：{status}",
    "being_called": "回呼 {callback}：正在呼叫该客户",
    "no_callback": "没有回呼 {callback}",
    "no_such_list": "没有名单 {name}；名单是 `lists` 的键：{known}",
    "lists_full": "超过 {most} 个条目：请先删除一些",
    "no_list_number": "既不是号码，也不是 0571* 这样的号段",
    "number_twice": "该号码出现了两次",
}

SOUNDS: Final[dict[str, str]] = {
    "no_such_prompt": "没有提示音 {prompt}；参见：ccd prompt list",
    "prompt_without_words": "没有提示音 {prompt}：请先在 ccd.yaml 的 prompts.texts 中写明它说什么",
    "prompt_without_sound": "提示音 {prompt} 没有语言 {language} 的声音：ccd prompt list --missing",
    "no_such_errand": "没有任务 {errand}：早已结束，或属于重启之前",
    "too_many_errands": "已有 {count} 部话机在录制或播放提示音",
    "no_such_language": "没有语言 {language}；可用的有：{known}",
    "not_writable": "{path}：无法写入（{error}）",
    "folder_not_made": "{folder}：无法建立（{error}）；请把 prompts.directory 设为可写的目录",
    "no_tools": "生成提示音需要 espeak-ng 和 sox；未安装 {tools}：apt-get install {packages}，或自行放入录音",
    "program_not_run": "{program} 无法运行：{error}",
    "program_too_slow": "{program} 在 {seconds:.0f} 秒后仍未完成，已被中止",
    "program_failed": "{program} 失败：{said}",
    "bad_prompt_id": "{prompt} 不能作为提示音的标识：只能用 a-z、A-Z、0-9、_ 和 -，目录之间用 /",
    "not_readable": "{file}：无法读取（{error}）",
    "no_file": "{file}：不是文件",
    "file_too_large": "{file}：大于 {most} MB",
    "nothing_heard": "{file}：里面没有声音",
    "sound_too_long": "{file}：长于 {most} 秒",
    "no_ffmpeg": "声音由 ffmpeg 转换，而它未安装：apt-get install ffmpeg",
    "sound_too_slow": "{file}：ffmpeg 在 {seconds:.0f} 秒后仍未完成，已被中止",
    "no_sound_in_it": "{file}：没有可以读取的声音（{said}）",
    "manifest_unread": "{path}：无法读取：{error}",
    "manifest_no_yaml": "{path}：不是 YAML：{error}",
    "no_manifest": "{path}：不是提示音清单：\n{said}",
    "no_message": "没有留言 {message}",
    "message_deleted": "留言 {message} 已删除",
    "message_stays": "无法删除留言 {message} 的声音：{problem}",
    "message_sound_gone": "这条留言的声音已不存在：{path}",
    "no_notice": "没有通知 {notice}",
    "no_record": "没有通话 {call} 的记录",
    "no_recording": "没有录音 {recording}，也没有该通话的录音",
    "no_recording_name": "通话标识 {call} 不能用作录音的文件名：asterisk.conf 的 systemname 只能是字母和数字",
    "no_message_name": "通话标识 {call} 不能用作留言的文件名：asterisk.conf 的 systemname 只能是字母和数字",
    "recording_gone": "没有录音 {recording}",
}

REQUESTS: Final[dict[str, str]] = {
    "bad_name": "{given} 不是名称：1 到 64 个 a-z 0-9 _ -",
    "bad_agent": "{given} 不是工号或分机：1 到 32 个 0-9 A-Z a-z _ -",
    "bad_number": "{given} 不是电话号码：1 到 64 个数字、字母、+ * # _ . -",
    "bad_id": "{given} 不是标识：1 到 128 个可打印的 ASCII 字符，不含空格",
    "bad_callback": "回呼的编号是数字，而不是 {given}",
    "unknown_parameter": "未知参数 {parameter}",
    "parameter_twice": "参数 {parameter} 出现了多次",
    "bad_choice": "{parameter}：{given} 不是允许的值",
    "bad_date": "{parameter}：{given} 不是日期；请写 2026-11-21T09:30:00Z 或 2026-11-21T17:30:00+08:00",
    "bad_limit": "limit：{given} 不是 1 到 {most} 的整数",
    "bad_cursor": "cursor：请原样传回 `next_cursor` 的值，或者不传",
    "bad_open": "open 只能是 true 或 false",
    "not_json": "请求体必须是 JSON：请发送 Content-Type: application/json",
    "bad_key": "{key}：{problem}",
    "nothing_here": "这个地址没有内容",
    "method_not_allowed": "这个地址不接受该方法",
    "too_large": "请求大于这个地址所接受的长度",
    "busy": "正在处理 {count} 个请求；请重试",
    "timed_out": "守护进程在 {seconds:.0f} 秒内没有应答",
    "failed": "守护进程未能应答；原因见其日志",
}

BODIES: Final[dict[str, str]] = {
    "body_missing": "缺少此项",
    "body_extra_forbidden": "没有此项",
    "body_json_invalid": "不是有效的 JSON（{error}）",
    "body_model_type": "须为对象",
    "body_dict_type": "须为对象",
    "body_list_type": "须为列表",
    "body_string_type": "须为字符串",
    "body_int_type": "须为整数",
    "body_float_type": "须为数值",
    "body_bool_type": "须为 true 或 false",
    "body_string_too_short": "至少 {min_length} 个字符",
    "body_string_too_long": "最多 {max_length} 个字符",
    "body_string_pattern_mismatch": "须符合 {pattern}",
    "body_string_unicode": "须为有效的 UTF-8",
    "body_too_long": "最多 {max_length} 项",
    "body_greater_than_equal": "不得小于 {ge}",
    "body_less_than_equal": "不得大于 {le}",
    "body_literal_error": "须为 {expected}",
    "body_enum": "须为 {expected}",
    "body_timezone_aware": "须带时区",
    "body_datetime_parsing": "须为日期和时间（{error}）",
    "body_value_error": "不允许控制字符或不可见字符",
}
"""What pydantic finds in a request's body, by its types of errors; ours is the last one."""

DATABASE: Final[dict[str, str]] = {
    "database_refused": "数据库拒绝：{problem}",
    "database_not_opened": "数据库无法打开：{problem}",
    "database_unwritable": "database：{path} 无法以写入方式打开：{error}",
    "database_newer": (
        "数据库由更新的 ccd 建立（结构 {found}，本版本只认识 {known}）："
        "请重新启动那个版本，或恢复升级之前的备份"
    ),
    "no_database_url": "database：{url} 不是 sqlite:////var/lib/ccd/ccd.db 这样的 URL",
    "other_database": "database：{url} 既不是 sqlite:////absolute/path.db 也不是 postgresql://user@host/name",
    "no_postgres": "PostgreSQL 需要附加组件 `postgres`：pip install 'ccd[postgres]'",
}

STARTING: Final[dict[str, str]] = {
    "socket_too_long": "socket {socket}：长于 {most} 字节；请选用较短的 `socket`",
    "socket_folder": "socket {socket}：{error}；请建立其目录，并让守护进程的用户可写",
    "socket_served": "socket {socket}：另一个 ccd 正在使用；请停止它，或为本进程另设 `socket`",
    "no_socket": "socket {socket}：那里有一个不是套接字的文件；请移走它",
    "socket_stale": "socket {socket}：{error}；请手动删除",
    "socket_taken": "socket {socket}：另一个程序正在监听；请先停止它",
    "socket_not_made": "socket {socket}：{error}",
    "http_address": "http {host}:{port}：{error}；请修改 `http.host` 或 `http.port`",
    "agi_address": (
        "asterisk.agi {host}:{port}：{error}；请停止占用它的程序（`ss -lntp` 可查），"
        "或修改 `asterisk.agi.port` 并重新生成拨号方案"
    ),
    "state_directory": "state_directory {directory}：{error}；请建立它，并让守护进程的用户可写",
    "state_directory_taken": (
        "state_directory {directory}：另一个 ccd 正在使用（进程号 {pid}）；"
        "请停止它，或为本进程另设 `state_directory` 和 `socket`"
    ),
}

TEXTS: Final[dict[str, str]] = AGENTS | CALLS | QUEUES | SOUNDS | REQUESTS | BODIES | DATABASE | STARTING

WORDS: Final[dict[str, str]] = {
    "idle": "空闲",
    "ringing": "振铃",
    "in_call": "通话中",
    "wrap_up": "后处理",
    "unreachable": "不可达",
    "NOANSWER": "无人接听",
    "BUSY": "忙",
    "CANCEL": "已取消",
    "CONGESTION": "线路拥塞",
    "CHANUNAVAIL": "话机不可用",
}
"""Codes that stand in refusals; others are shown as they are."""
