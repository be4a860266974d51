"""Names of browsers and systems."""

import pytest

from pythoughts.services.browsers import device

CHROME = "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        (CHROME.format(system="Windows NT 10.0; Win64; x64"), "Chrome on Windows"),
        (CHROME.format(system="Windows NT 10.0; Win64; x64") + " Edg/130.0.0.0", "Edge on Windows"),
        (CHROME.format(system="Macintosh; Intel Mac OS X 10_15_7") + " OPR/115.0.0.0", "Opera on macOS"),
        (CHROME.format(system="Linux; Android 14; Pixel 8"), "Chrome on Android"),
        (CHROME.format(system="X11; CrOS x86_64 14541.0.0"), "Chrome on ChromeOS"),
        (IPHONE + "Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (IPHONE + "CriOS/130.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        ("curl/8.5.0", "curl"),
        ("Windows only", "Windows"),
        ("<script>alert(1)</script>", "Unknown browser"),
        ("", "Unknown browser"),
        (None, "Unknown browser"),
    ],
)
def test_a_device_has_the_name_that_people_use(user_agent, name):
    assert str(device(user_agent)) == name
