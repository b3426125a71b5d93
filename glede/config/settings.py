"""Every setting, from the environment; .env.example and docs/operations.md list them."""

from pathlib import Path

from csp.constants import NONCE

from glede.config import environment, keys, lan
from glede.config.databases import APPLICATION, OWNER, from_url

PACKAGE = Path(__file__).resolve().parent.parent

GLEDE_HOME = environment.home()
GLEDE_TESTING = environment.flag("GLEDE_TESTING")
SECRET_KEY = keys.secret("secret_key")
GLEDE_LINK_KEY = keys.secret("link_key").encode()
GLEDE_MASTER_KEY = keys.secret("master_key", make="fernet")
GLEDE_CHECKPOINT_KEY = keys.secret("checkpoint_key")

DEBUG = environment.flag("GLEDE_DEBUG")
PUBLIC_URL = environment.text("PUBLIC_URL").rstrip("/")
GLEDE_BIND = environment.text("GLEDE_BIND", "127.0.0.1")
GLEDE_PORT = environment.number("GLEDE_PORT", 8000)
# What this house answers to on the practice's network, the one to show first; set by `glede run --lan` alone.
GLEDE_LAN_NAMES = environment.words(lan.NAMES)
ALLOWED_HOSTS = [*environment.words("GLEDE_HOSTS", "localhost,127.0.0.1,[::1]"), *GLEDE_LAN_NAMES]
GLEDE_PROXY = environment.words("GLEDE_PROXY")
GLEDE_HTTPS = environment.flag("GLEDE_HTTPS", default=PUBLIC_URL.startswith("https://") or bool(GLEDE_LAN_NAMES))

# Without DATABASE_URL the command line starts the embedded server and sets both addresses.
DATABASE_URL = environment.text("DATABASE_URL", "postgresql://glede_app@localhost/glede")
DATABASE_OWNER_URL = environment.text("DATABASE_OWNER_URL", DATABASE_URL)
DATABASES = {
    APPLICATION: from_url(DATABASE_URL),
    OWNER: {**from_url(DATABASE_OWNER_URL), "CONN_MAX_AGE": 0},
}
# Where a patient's year is walked; without an address a database beside our own, made and dropped by the owner's role.
SEALED_DATABASE_URL = environment.text("SEALED_DATABASE_URL")
GLEDE_SEALED = from_url(SEALED_DATABASE_URL) if SEALED_DATABASE_URL else None
DATABASE_ROUTERS = ["glede.config.databases.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_scopes",
    "axes",
    "django_htmx",
    "template_partials",
    "glede.practices",
    "glede.staff",
    "glede.ledger",
    "glede.promises",
    "glede.people",
    "glede.catalogue",
    "glede.diary",
    "glede.outbox",
    "glede.inbox",
    "glede.feedback",
    "glede.team",
    "glede.lists",
    "glede.calendars",
    "glede.recall",
    "glede.channels",
    "glede.journeys",
    "glede.ui",
    "glede.desk",
    "glede.portal",
    "glede.hooks",
    "glede.config",
    "glede.demonstration",
    "glede.shoes",
    # After our own rooms, so that our templates come before theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
# Rooms not built yet are left out, so that those who build the lower ones can run.
INSTALLED_APPS = [
    app for app in INSTALLED_APPS if not app.startswith("glede.") or (PACKAGE / app[6:] / "__init__.py").exists()
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads each answer by a random length: what is packed with a secret tells nothing of it (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "glede.desk.signing_in.sessions.SteadySessionMiddleware",
    "glede.ui.look.LookMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "glede.desk.middleware.DeskMiddleware",
    "glede.desk.clock.middleware.DemonstrationMiddleware",
]

if GLEDE_PROXY:
    MIDDLEWARE.insert(0, "glede.config.proxy.ProxyMiddleware")
if GLEDE_LAN_NAMES:
    MIDDLEWARE.insert(0, "glede.config.lan.neighbours.NeighboursMiddleware")

ROOT_URLCONF = "glede.config.urls"
WSGI_APPLICATION = "glede.config.wsgi.application"
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "glede.desk.signing_in.adapter.StaffAdapter"
ACCOUNT_FORMS = {
    "login": "glede.desk.signing_in.forms.SignIn",
    "reauthenticate": "glede.desk.signing_in.forms.Again",
    "change_password": "glede.desk.signing_in.forms.NewPassword",
    "set_password": "glede.desk.signing_in.forms.FirstPassword",
}
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, not asked each time
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not GLEDE_HTTPS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 10
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = 0.25  # hours

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "glede.ui.context.ui",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

FORM_RENDERER = "glede.ui.forms.Renderer"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("nb", "Norsk bokmål")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = GLEDE_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if GLEDE_TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_USE_FINDERS = GLEDE_TESTING
WHITENOISE_AUTOREFRESH = GLEDE_TESTING  # looks for what is asked: each client of a test would list every file

# Mail and texts leave through these in live mode only; rehearsal has a transport of its own.
GLEDE_SMTP_URL = environment.text("GLEDE_SMTP_URL")
GLEDE_SMS_URL = environment.text("GLEDE_SMS_URL", "https://api.twilio.com")
# The name server that is asked what a sending domain says of itself; "" is the machine's own.
GLEDE_DNS = environment.text("GLEDE_DNS")
# A described provider of texts is asked over https on the open net alone. Tests ask one on this machine.
GLEDE_TEXTS_TO_LOOPBACK = environment.flag("GLEDE_TEXTS_TO_LOOPBACK")
GLEDE_LEASE_SECONDS = environment.number("GLEDE_LEASE_SECONDS", 60)
GLEDE_HORIZON_SECONDS = environment.number("GLEDE_HORIZON_SECONDS", 120)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = GLEDE_HTTPS
SESSION_COOKIE_NAME = "__Host-glede" if GLEDE_HTTPS else "glede"
CSRF_COOKIE_NAME = "__Host-glede-csrf" if GLEDE_HTTPS else "glede-csrf"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
CSRF_FAILURE_VIEW = "glede.ui.views.form_expired"
SECURE_SSL_REDIRECT = GLEDE_HTTPS
# Not for a name of the practice's own network: a browser that was told so would refuse it for a year, once the
# certificate is another.
SECURE_HSTS_SECONDS = 31_536_000 if GLEDE_HTTPS and not GLEDE_LAN_NAMES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [NONCE],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"] if not GLEDE_HTTPS else []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "glede.config.logs.Discreet", "format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.text("GLEDE_LOG_LEVEL", "WARNING")},
}
