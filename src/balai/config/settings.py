"""Settings. Everything an operator can set is an environment variable listed in docs/operate.md."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from balai.config.home import Home

env = environ.Env()
PACKAGE = Path(__file__).resolve().parent.parent
HOME = Home(env.path("BALAI_HOME", default=str(Path.cwd() / "var"))())

SECRET_KEY = HOME.secret("session")
BALAI_SECRET_KEYS = tuple(env.list("BALAI_SECRET_KEYS", default=[])) or (HOME.secret("master"),)
DEBUG = False
ALLOWED_HOSTS = env.list("BALAI_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [
    f"https://{host}" for host in ALLOWED_HOSTS if not host.startswith(("127.", "["))
]
BALAI_ADDRESS = env.str("BALAI_ADDRESS", default="http://localhost:8000")
BEHIND_TLS = BALAI_ADDRESS.startswith("https://")
# Whose X-Forwarded-For is believed: the office's reverse proxy, by default on this machine.
BALAI_TRUSTED_PROXIES = env.list("BALAI_TRUSTED_PROXIES", default=["127.0.0.1", "::1"])
# Hosts and networks on the inside to which channels may connect; see ground/reach.py.
BALAI_PRIVATE_HOSTS = env.list("BALAI_PRIVATE_HOSTS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its form templates stand in config/templates/django/forms
    "django_htmx",
    "template_partials",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "balai.ground",
    "balai.people",
    "balai.governance",
    "balai.registry",
    "balai.library",
    "balai.channels",
    "balai.inbox",
    "balai.publishing",
    "balai.cases",
    "balai.desk",
    "balai.surveys",
    "balai.analytics",
    "balai.readiness",
    "balai.portal",
    "balai.config",
]

MIDDLEWARE = [
    "balai.config.caller.address_of_the_caller",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "balai.config.language.language_by_choice",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "balai.people.middleware.member_at_the_desk",
    "balai.config.zone.time_of_the_institution",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "balai.config.urls"
WSGI_APPLICATION = "balai.config.wsgi.application"
BALAI_SWITCHBOARD = "balai.config.switchboard.HEARD_BY"
BALAI_TIMETABLE = "balai.config.timetable.TIMETABLE"
BALAI_LEDGER = "balai.governance.services.record"
BALAI_LEDGER_KEY = HOME.secret("ledger")  # signs the heads of the audit chains
BALAI_SIGNING_KEY = HOME.secret("signing")  # signs what the public can check elsewhere

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "config" / "jinja2", PACKAGE / "inbox" / "jinja2"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "balai.config.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "balai.config.shell.shell",
            ]
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": env.db("BALAI_DATABASE_URL", default=f"sqlite:///{HOME.path / 'balai.sqlite3'}")
}
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if IS_SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # design 1: a writer that waits beats one that fails
        "timeout": 20,
        # FULL: what a citizen was told is kept, and an attempt saved before the call, survive a
        # power cut. The landing alone commits faster (inbox.landing.sqlite says why it may).
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8192"
        ),
    }
# Opening is dear, on SQLite too (the whole schema is read anew): a third of an empty page.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # with few, many visitors push out who must wait
    }
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = False  # the office's reverse proxy does that
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FORMS_LEAD_TO: list[str] = [SELF]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": FORMS_LEAD_TO,
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "home"

# Signing in is by e-mail; members are added by invitation, so nobody signs up (people.services).
ACCOUNT_ADAPTER = "balai.config.adapter.ByInvitation"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # no checkbox: every session ends after SESSION_COOKIE_AGE
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_FORMS = {"login": "balai.config.forms.SignIn"}
# By machine only: a limit on the account would let any stranger keep a member out.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Balai"
MFA_ADAPTER = "balai.people.second_factor.SealedFactors"
# Who holds one of these roles needs a second factor, except in the sample institution.
BALAI_SECOND_FACTOR_ROLES = env.list(
    "BALAI_SECOND_FACTOR_ROLES", default=["system_admin", "channel_admin"]
)
# One sign-in for the whole office, where it has OpenID Connect: an address that is verified there
# opens the account of the member who has it here. Nobody signs up by it (ByInvitation).
BALAI_OIDC_ISSUER = env.str("BALAI_OIDC_ISSUER", default="")
SOCIALACCOUNT_PROVIDERS = {}
if BALAI_OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "office",
                "name": env.str("BALAI_OIDC_NAME", default="SSO"),
                "client_id": env.str("BALAI_OIDC_CLIENT_ID"),
                "secret": env.str("BALAI_OIDC_CLIENT_SECRET"),
                "settings": {"server_url": BALAI_OIDC_ISSUER},
            }
        ]
    }
    # The sign-in form leads to the office's provider; browsers follow only where it is named.
    FORMS_LEAD_TO.append("{0.scheme}://{0.netloc}".format(urlsplit(BALAI_OIDC_ISSUER)))
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
# Guessing locks one address on one machine: an office behind one outer address stays open.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "email"  # what allauth hands to authenticate()
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "429.html"

LANGUAGE_CODE = "id"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
# Named here too, so that our words win over those that libraries bring.
LOCALE_PATHS = sorted(PACKAGE.glob("*/locale"))
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "config" / "static"]
STATIC_ROOT = HOME.path / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME.path / "files"},
    },
    "staticfiles": {"BACKEND": "balai.config.files.CollectedOrPlain"},
}
WHITENOISE_USE_FINDERS = True  # files are served also before they were collected
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("BALAI_LOG_LEVEL", default="INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}

# How long a worker may hold a dispatch before its outcome counts as unknown, in seconds.
BALAI_SEND_LEASE = env.int("BALAI_SEND_LEASE", default=600)
# How long a worker may hold a batch of the log before another takes it, in seconds.
BALAI_LAND_LEASE = env.int("BALAI_LAND_LEASE", default=120)
# How many days a fact that everybody heard stays in the log of announcements.
BALAI_KEEP_FACTS = env.int("BALAI_KEEP_FACTS", default=30)
# What a unit still owes before it can be dissolved: functions of the unit's id that count.
BALAI_OWED_WORK = ("balai.inbox.selectors.owed_by_unit",)
