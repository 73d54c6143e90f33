# Two migrations of yoyo, applied: URL, directory.
import sys, os
from yoyo import read_migrations, get_backend
url, home = sys.argv[1:]
os.makedirs(home, exist_ok=True)
text = """
from yoyo import step
__depends__ = {%s}
steps = [step("%s")]
"""
open(home + "/0001.people.py", "w").write(text % ("", "CREATE TABLE people (id integer)"))
open(home + "/0002.add_pets.py", "w").write(text % ("'0001.people'", "CREATE TABLE pets (id integer)"))
backend = get_backend(url)
with backend.lock():
    backend.apply_migrations(backend.to_apply(read_migrations(home)))
