#pragma once

// For tests of the catalog through the wire: the service, partners acme and bolt, products bike and trike.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "common/status/status_matchers.h"
#include "common/wire/wire.h"
#include "inventory-service/testing_service.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {

inline google::type::Date Day(const char* text) { return wire::ToProto(Date::Parse(text).value()); }
inline google::type::Decimal Number(const char* text) { return wire::ToProto(Decimal::Parse(text).value()); }
inline google::type::Money Amount(const char* currency, const char* amount) {
  return wire::ToProto(Money{currency, Decimal::Parse(amount).value()});
}

class CatalogTest : public ::testing::Test {
 protected:
  CatalogTest()
      : partners_(keys_, testing::FreshDatabase(PartnerSchemas())),
        database_(testing::FreshDatabase(InventorySchemas())),
        service_(keys_, *database_, partners_.address()),
        inventory_(service_.client()) {
    partners_.Know("acme");
    partners_.Know("bolt");
    EXPECT_OK(inventory_.MakeProducts({"bike", "trike"}));
  }

  rpc::CallOptions As(api::v1::Role role, const std::string& partner = {}) const {
    rpc::CallOptions options;
    options.token = keys_.Token(role, partner);
    return options;
  }

  TestKeys keys_;
  TestPartners partners_;
  std::unique_ptr<mysql::Database> database_;
  TestInventory service_;
  Inventory inventory_;
};

}  // namespace tributary::inventory
