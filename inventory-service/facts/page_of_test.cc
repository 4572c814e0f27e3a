#include "inventory-service/facts/page_of.h"

#include <gtest/gtest.h>

#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

TEST(PageOfTest, ReadsOnBehindTheKey) {
  const SqlPredicate all;
  const PageClauses any = PageOf("", {{"partner", "acme"}, {"id", "x"}}, all, 51);
  EXPECT_EQ(any.sql(), "WHERE (partner > ? OR (partner = ? AND id > ?)) AND (TRUE) ORDER BY partner, id LIMIT ?");
  EXPECT_EQ(any.values.size(), 4u);
  const PageClauses one = PageOf("acme", {{"h.partner", "acme"}, {"h.id", "x"}}, all, 51);
  EXPECT_EQ(one.where, "WHERE (h.partner > ? OR (h.partner = ? AND h.id > ?)) AND h.partner = ? AND (TRUE)");
  EXPECT_EQ(one.order, " ORDER BY h.partner, h.id LIMIT ?");
  EXPECT_EQ(one.values.size(), 5u);

  ASSERT_OK_AND_ASSIGN(const SqlPredicate filter, ParseFilter("state = 1", {FilterField::Integer("state", "state")}));
  const PageClauses lines =
      PageOf("acme", {{"partner", "acme"}, {"document", "d"}, {"line", 2}, {"generation", 0}}, filter, 51);
  EXPECT_EQ(
      lines.where,
      StrCat("WHERE (partner > ? OR (partner = ? AND (document > ? OR (document = ? AND (line > ? OR (line = ? AND "
             "generation > ?)))))) AND partner = ? AND (",
             filter.sql(), ")"));
  EXPECT_EQ(lines.values.size(), 10u);
  EXPECT_EQ(std::get<int64_t>(lines.values.back().variant()), 51);
}

}  // namespace
}  // namespace tributary::inventory
