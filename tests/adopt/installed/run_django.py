# Two migrations of Django, applied: URL, directory.
import sys, os
from urllib.parse import urlsplit
import django
from django.conf import settings
from django.core.management import call_command
url, home = sys.argv[1:]
os.makedirs(home + "/shop/migrations", exist_ok=True)
for path in ("shop/__init__.py", "shop/migrations/__init__.py"):
    open(home + "/" + path, "w").close()
text = """
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = %s
    operations = [migrations.RunSQL("%s")]
"""
open(home + "/shop/migrations/0001_people.py", "w").write(text % ([], "CREATE TABLE people (id integer)"))
open(home + "/shop/migrations/0002_add_pets.py", "w").write(text % ([("shop", "0001_people")], "CREATE TABLE pets (id integer)"))
sys.path.insert(0, home)
parts = urlsplit(url)
if parts.scheme == "sqlite":
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path[1:]}
else:
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "PASSWORD": parts.password,
        "HOST": parts.hostname,
        "PORT": parts.port,
    }
settings.configure(DATABASES={"default": database}, INSTALLED_APPS=["shop"], USE_TZ=True)
django.setup()
call_command("migrate", verbosity=0)
