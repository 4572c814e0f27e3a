#include "partner-service/activities/activity.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

const absl::Time kLater = kNow + absl::Hours(1);
const Actor kVendor{"manager-1", false}, kPartner{"user-7", true};

Activity Content() {
  return {.kind = ActivityKind::kMeeting,
          .subject = "Plan for 2027",
          .follow_ups = {{.id = "2", .text = "Send the price list.", .due = Day("2026-12-01"), .done = true},
                         {.text = "Name a contact.", .due = Day("2026-12-20")},
                         {.text = "Think."}}};
}

TEST(ActivityTest, FollowUpsHaveIdsAndSayWhoDidThem) {
  const auto made = Make(Content(), kPartner, kNow);
  ASSERT_OK(made);
  EXPECT_EQ(made->author, "user-7");
  EXPECT_TRUE(made->by_partner);
  ASSERT_EQ(made->follow_ups.size(), 3u);
  EXPECT_EQ(made->follow_ups[0].id, "2");
  EXPECT_EQ(made->follow_ups[1].id, "1");
  EXPECT_EQ(made->follow_ups[2].id, "3");
  EXPECT_EQ(made->follow_ups[0].done_by, "user-7");
  EXPECT_EQ(made->follow_ups[0].done_time, kNow);
  EXPECT_EQ(made->follow_ups[1].done_by, "");
  EXPECT_EQ(made->next_due(), Day("2026-12-20"));

  // What was done stays as it was; what is done now is so by whom it changes; what is undone forgets.
  Activity content = *made;
  content.follow_ups[1].done = true;
  auto changed = Change(*made, content, kVendor, kLater);
  ASSERT_OK(changed);
  EXPECT_EQ(changed->author, "user-7");
  EXPECT_EQ(changed->revision.version, 2);
  EXPECT_EQ(changed->follow_ups[0].done_by, "user-7");
  EXPECT_EQ(changed->follow_ups[0].done_time, kNow);
  EXPECT_EQ(changed->follow_ups[1].done_by, "manager-1");
  EXPECT_EQ(changed->follow_ups[1].done_time, kLater);
  EXPECT_EQ(changed->next_due(), std::nullopt);
  content = *changed;
  content.follow_ups[0].done = false;
  changed = Change(*changed, content, kVendor, kLater);
  ASSERT_OK(changed);
  EXPECT_EQ(changed->follow_ups[0].done_by, "");
  EXPECT_EQ(changed->next_due(), Day("2026-12-01"));
}

TEST(ActivityTest, EveryFaultIsNamed) {
  Activity content = Content();
  content.subject = "two\nlines";
  content.visibility = ActivityVisibility::kVendorOnly;
  content.follow_ups[1].id = "2";
  content.follow_ups[2].text = "two\nlines";
  const absl::Status refused = Make(content, kPartner, kNow).status();
  for (const char* field : {"subject", "visibility", "follow_ups[1].follow_up_id", "follow_ups[2].text"}) {
    EXPECT_THAT(refused, Blames(field));
  }
  EXPECT_EQ(DetailOf(refused).violations.size(), 4u);
  EXPECT_EQ(DetailOf(Make(content, kVendor, kNow).status()).violations.size(), 3u);
}

TEST(ActivityTest, WhoSeesAndRemovesWhat) {
  for (const bool by_partner : {false, true}) {
    for (const ActivityVisibility visibility : {ActivityVisibility::kShared, ActivityVisibility::kVendorOnly}) {
      const Activity activity{.visibility = visibility, .by_partner = by_partner};
      EXPECT_TRUE(IsSeenBy(activity, kVendor));
      EXPECT_EQ(IsSeenBy(activity, kPartner), visibility == ActivityVisibility::kShared);
      EXPECT_OK(CheckRemovable(activity, kVendor));
      EXPECT_EQ(CheckRemovable(activity, kPartner).ok(), by_partner);
    }
  }
  EXPECT_THAT(CheckRemovable(Activity(), kPartner), HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::partner
