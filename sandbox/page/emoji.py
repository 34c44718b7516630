"""The emoji that messages of the workspace are likely to name; others stay as they were written."""

import re

NAME = r":[a-z0-9_+'-]+:"
EMOJI = {
    "+1": "👍",
    "-1": "👎",
    "alarm_clock": "⏰",
    "arrow_right": "➡️",
    "arrows_counterclockwise": "🔄",
    "bar_chart": "📊",
    "bell": "🔔",
    "black_circle": "⚫",
    "bookmark": "🔖",
    "books": "📚",
    "bulb": "💡",
    "busts_in_silhouette": "👥",
    "calendar": "📅",
    "chart_with_upwards_trend": "📈",
    "clap": "👏",
    "clipboard": "📋",
    "clock3": "🕒",
    "construction": "🚧",
    "eyes": "👀",
    "fire": "🔥",
    "green_heart": "💚",
    "grey_question": "❔",
    "heart": "❤️",
    "heavy_check_mark": "✔️",
    "hourglass_flowing_sand": "⏳",
    "house": "🏠",
    "inbox_tray": "📥",
    "information_source": "ℹ️",
    "large_blue_circle": "🔵",
    "large_green_circle": "🟢",
    "large_orange_circle": "🟠",
    "large_yellow_circle": "🟡",
    "link": "🔗",
    "lock": "🔒",
    "loudspeaker": "📢",
    "mag": "🔍",
    "mega": "📣",
    "memo": "📝",
    "microphone": "🎤",
    "newspaper": "📰",
    "no_entry": "⛔",
    "ok_hand": "👌",
    "package": "📦",
    "palm_tree": "🌴",
    "partying_face": "🥳",
    "pencil": "📝",
    "pencil2": "✏️",
    "point_right": "👉",
    "pray": "🙏",
    "pushpin": "📌",
    "question": "❓",
    "raised_hands": "🙌",
    "red_circle": "🔴",
    "rocket": "🚀",
    "rotating_light": "🚨",
    "round_pushpin": "📍",
    "satellite": "📡",
    "slightly_smiling_face": "🙂",
    "smile": "😄",
    "sparkles": "✨",
    "speech_balloon": "💬",
    "star": "⭐",
    "tada": "🎉",
    "thinking_face": "🤔",
    "thumbsup": "👍",
    "thumbsdown": "👎",
    "warning": "⚠️",
    "wave": "👋",
    "white_check_mark": "✅",
    "white_circle": "⚪",
    "x": "❌",
    "zap": "⚡",
    "zzz": "💤",
}


def emoji(code: str) -> str:
    """Return the emoji with this name (colons or not), or the name between colons when it is unknown."""
    name = code.strip(":")
    return EMOJI.get(name, f":{name}:")


def with_emoji(text: str) -> str:
    """Return text with the names of emoji replaced."""
    return re.sub(NAME, lambda match: emoji(match.group()), text)
