#include "common/wire/field_reader.h"

#include "common/money/decimal.h"
#include "common/status/status_matchers.h"

namespace tributary {
namespace {

TEST(FieldReaderTest, CollectsEverythingThatIsWrong) {
  FieldReader fields;
  EXPECT_EQ(fields.Take("price", Decimal::Parse("1.5")), *Decimal::Parse("1.5"));
  EXPECT_EQ(fields.Id("product", "products/bike", "products/{product}"), "bike");
  EXPECT_EQ(fields.OwnId("order", "partners/p1/orders/o1", "p1", "orders"), "o1");
  EXPECT_EQ(fields.OwnId("order", "", "p1", "orders"), "");
  EXPECT_OK(fields.status());

  EXPECT_TRUE(fields.Take("price", Decimal::Parse("1e3")).zero());
  EXPECT_EQ(fields.Id("product", "bike", "products/{product}"), "");
  EXPECT_EQ(fields.OwnId("order", "partners/p2/orders/o1", "p1", "orders"), "");
  fields.Note("lines[1]", InvalidField("price", "-1", "0 or more"));
  fields.Refuse("date", "", "a date");
  for (const char* field : {"price", "product", "order", "lines[1].price", "date"}) {
    EXPECT_THAT(fields.status(), Blames(field));
  }
}

}  // namespace
}  // namespace tributary
