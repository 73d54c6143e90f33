'use strict';
module.exports = {
  up: (queryInterface, Sequelize) => queryInterface.createTable('toys', { id: { type: Sequelize.INTEGER, primaryKey: true } }),
  down: (queryInterface) => queryInterface.dropTable('toys'),
};
