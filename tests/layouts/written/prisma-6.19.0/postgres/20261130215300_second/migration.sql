-- AlterEnum
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('A', 'X');
ALTER TABLE "Pet" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "Pet" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
ALTER TABLE "Pet" ALTER COLUMN "role" SET DEFAULT 'A';
COMMIT;

-- AlterTable
ALTER TABLE "Pet" ADD COLUMN     "age" INTEGER;

-- CreateTable
CREATE TABLE "Visit" (
    "id" INTEGER NOT NULL,
    "petId" INTEGER NOT NULL,

    CONSTRAINT "Visit_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "Visit" ADD CONSTRAINT "Visit_petId_fkey" FOREIGN KEY ("petId") REFERENCES "Pet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

