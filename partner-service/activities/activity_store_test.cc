#include "partner-service/activities/activity_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ActivityStoreTest : public StoreTest {
 protected:
  static Activity Of(std::string partner_id, std::string id,
                     ActivityVisibility visibility = ActivityVisibility::kShared) {
    return {.partner_id = std::move(partner_id),
            .id = std::move(id),
            .revision = Revision::First(kNow),
            .kind = ActivityKind::kPlan,
            .subject = "计划",
            .text = "two\nlines",
            .date = *Date::Parse("2026-12-01"),
            .visibility = visibility,
            .follow_ups = {{.id = "b", .text = "First.", .due = *Date::Parse("2026-12-20")},
                           {.id = "a", .text = "Second.", .done = true, .done_time = kNow, .done_by = "u"}},
            .author = "u",
            .by_partner = true};
  }
  absl::Status Create(const Activity& activity) {
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, activity); });
  }
  absl::StatusOr<Activity> Get(std::string_view partner_id, std::string_view id) {
    return Ask<Activity>([&](mysql::Transaction& sql) { return store_.GetForUpdate(sql, partner_id, id); });
  }
  std::vector<std::string> Names(std::string_view partner_id, const std::string& filter, bool shared_alone = false) {
    std::vector<std::string> names;
    for (const Activity& activity : All<Activity>(
             ActivityStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner_id, shared_alone, page); },
             [](const Activity&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      EXPECT_EQ(activity.follow_ups.size(), 2u);
      names.push_back(StrCat(activity.partner_id, "/", activity.id));
    }
    return names;
  }
  ActivityStore store_;
};

TEST_F(ActivityStoreTest, ReadAsItWasWrittenChangedAndRemoved) {
  const Activity activity = Of("p-1", "a");
  ASSERT_OK(Create(activity));
  auto read = Get("p-1", "a");
  ASSERT_OK(read);
  EXPECT_EQ(read->revision, activity.revision);
  EXPECT_EQ(read->kind, ActivityKind::kPlan);
  EXPECT_EQ(read->subject, activity.subject);
  EXPECT_EQ(read->text, activity.text);
  EXPECT_EQ(read->date, activity.date);
  EXPECT_EQ(read->visibility, ActivityVisibility::kShared);
  EXPECT_EQ(read->follow_ups, activity.follow_ups);
  EXPECT_EQ(read->author, "u");
  EXPECT_TRUE(read->by_partner);
  EXPECT_THAT(Create(activity), HasReason(Reason::kAlreadyExists));

  Activity changed = *read;
  changed.revision = changed.revision.Next(kNow);
  changed.date.reset();
  changed.follow_ups.erase(changed.follow_ups.begin());
  changed.visibility = ActivityVisibility::kVendorOnly;
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, changed); }));
  read = Get("p-1", "a");
  ASSERT_OK(read);
  EXPECT_EQ(read->date, std::nullopt);
  EXPECT_EQ(read->follow_ups, changed.follow_ups);
  EXPECT_EQ(read->visibility, ActivityVisibility::kVendorOnly);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Delete(sql, *read); }));
  EXPECT_THAT(Get("p-1", "a"), HasReason(Reason::kNotFound));
  ASSERT_OK(Create(activity));
  EXPECT_EQ(Get("p-1", "a")->follow_ups, activity.follow_ups);
}

TEST_F(ActivityStoreTest, ListsOfOnePartnerAndOfAll) {
  for (const char* partner : {"p-2", "p-1"}) {
    ASSERT_OK(Create(Of(partner, "a")));
    ASSERT_OK(Create(Of(partner, "b", ActivityVisibility::kVendorOnly)));
    ASSERT_OK(Create(Of(partner, "c")));
  }
  EXPECT_THAT(Names("p-1", ""), ElementsAre("p-1/a", "p-1/b", "p-1/c"));
  EXPECT_THAT(Names("p-1", "", /*shared_alone=*/true), ElementsAre("p-1/a", "p-1/c"));
  EXPECT_THAT(Names("p-1", "visibility = VENDOR_ONLY", /*shared_alone=*/true), IsEmpty());
  EXPECT_THAT(Names("", "visibility = VENDOR_ONLY"), ElementsAre("p-1/b", "p-2/b"));
  EXPECT_THAT(Names("p-2", "next_due <= 2026-12-20 AND kind = PLAN"), ElementsAre("p-2/a", "p-2/b", "p-2/c"));
  EXPECT_THAT(Names("p-2", "next_due < 2026-12-20"), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
