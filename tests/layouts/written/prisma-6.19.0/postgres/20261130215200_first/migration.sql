-- CreateEnum
CREATE TYPE "Role" AS ENUM ('A', 'B', 'C');

-- CreateTable
CREATE TABLE "Pet" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "role" "Role" NOT NULL DEFAULT 'A',

    CONSTRAINT "Pet_pkey" PRIMARY KEY ("id")
);

