# All SQL migrations of a directory, applied by yoyo: URL, directory.
import sys
from yoyo import read_migrations, get_backend
url, home = sys.argv[1:]
backend = get_backend(url)
with backend.lock():
    backend.apply_migrations(backend.to_apply(read_migrations(home)))
