# Two revisions of Alembic, applied: URL, directory.
import sys, os
from alembic.config import Config
from alembic import command
url, home = sys.argv[1:]
url = url.replace("postgresql:", "postgresql+psycopg2:")
os.makedirs(home + "/versions", exist_ok=True)
open(home + "/env.py", "w").write("""
from alembic import context
from sqlalchemy import create_engine
with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
""")
text = """
from alembic import op
revision = "%s"
down_revision = %s
def upgrade():
    op.execute("%s")
"""
open(home + "/versions/a.py", "w").write(text % ("aaaa00000001", None, "CREATE TABLE people (id integer)"))
open(home + "/versions/b.py", "w").write(text % ("bbbb00000002", "'aaaa00000001'", "CREATE TABLE pets (id integer)"))
config = Config()
config.set_main_option("script_location", home)
config.set_main_option("sqlalchemy.url", url)
command.upgrade(config, "head")
