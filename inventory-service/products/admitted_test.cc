#include "inventory-service/products/admitted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace tributary::inventory {
namespace {

const absl::Time kBefore = absl::FromUnixSeconds(1700000000);
const absl::Time kNow = kBefore + absl::Hours(1);

ProductLine Line(const std::string& id, const std::string& display_name) {
  ProductLine line;
  line.id = id;
  line.display_name = display_name;
  return line;
}

TEST(AdmittedTest, RowsAreNewOrBackOrKnownOrContradict) {
  std::map<std::string, ProductLine> known;
  known["bikes"] = Admit<ProductLine>(nullptr, Line("bikes", "Bikes"), kBefore);
  known["parts"] = Deactivate(Admit<ProductLine>(nullptr, Line("parts", "Parts"), kBefore), kBefore);
  std::vector<Stated<ProductLine>> stated = {
      {2, Line("new", "New")},        {3, Line("new", "New")},      {4, Line("bikes", "Bikes")},
      {5, Line("bikes", "Bicycles")}, {6, Line("parts", "Spares")}, {7, Line("parts", "Parts")},
  };
  const Uuid import_id = Uuid::New(kNow);
  imports::BatchResult result;
  const Admitted<ProductLine> rows = AdmitRows(
      std::move(stated), known, [](const ProductLine& one) { return one.id; }, import_id, kNow, result);
  ASSERT_EQ(rows.fresh.size(), 1u);
  EXPECT_EQ(rows.fresh[0].id, "new");
  EXPECT_EQ(rows.fresh[0].version, 1);
  EXPECT_EQ(rows.fresh[0].import_id, import_id);
  // What comes back takes the place of what was there, under its uid.
  ASSERT_EQ(rows.back.size(), 1u);
  EXPECT_EQ(rows.back[0].display_name, "Spares");
  EXPECT_EQ(rows.back[0].uid, known["parts"].uid);
  EXPECT_EQ(rows.back[0].create_time, kBefore);
  EXPECT_EQ(rows.back[0].version, 3);
  EXPECT_EQ(result.accepted, 2);
  EXPECT_EQ(result.duplicate, 2);
  EXPECT_EQ(result.rejected, 2);
  ASSERT_EQ(result.errors.size(), 2u);
  EXPECT_EQ(result.errors[0].row, 5);
  EXPECT_EQ(result.errors[0].column, "display_name");
  EXPECT_THAT(result.errors[0].want, ::testing::HasSubstr("as productLines/bikes is known"));
  EXPECT_EQ(result.errors[1].row, 7);
  EXPECT_EQ(result.errors[1].reason, Reason::kRowConflict);
}

}  // namespace
}  // namespace tributary::inventory
