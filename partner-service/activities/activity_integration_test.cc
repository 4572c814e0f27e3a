// Activities over the wire: what both sides share, and what the vendor keeps to itself.

#include "google/protobuf/empty.pb.h"
#include "partner-service/testing_partners.h"
#include "tributary/partner/v1/activity.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kActivities[] = "tributary.partner.v1.ActivityService/";

class ActivitiesTest : public PartnersTest {
 protected:
  void SetUp() override {
    for (const char* id : {"p-1", "p-2"}) ASSERT_OK(CreatePartner(id));
  }
  static v1::Activity Meeting() {
    v1::Activity activity;
    activity.set_kind(v1::Activity::MEETING);
    activity.set_subject("Plan for 2027");
    *activity.mutable_date() = wire::ToProto(*Date::Parse("2026-12-01"));
    activity.add_follow_ups()->set_text("Send the price list.");
    *activity.mutable_follow_ups(0)->mutable_due() = wire::ToProto(*Date::Parse("2026-12-20"));
    return activity;
  }
  absl::StatusOr<v1::Activity> Create(rpc::Client& client, std::string_view id, const v1::Activity& activity) {
    v1::CreateActivityRequest request;
    request.set_parent("partners/p-1");
    request.set_activity_id(std::string(id));
    request.set_request_id(NewRequestId());
    *request.mutable_activity() = activity;
    return As<v1::Activity>(client, kActivities, "CreateActivity", request);
  }
  absl::StatusOr<v1::Activity> Update(rpc::Client& client, const v1::Activity& activity, const char* path) {
    v1::UpdateActivityRequest request;
    request.set_request_id(NewRequestId());
    *request.mutable_activity() = activity;
    request.mutable_update_mask()->add_paths(path);
    return As<v1::Activity>(client, kActivities, "UpdateActivity", request);
  }
  absl::Status Delete(rpc::Client& client, const std::string& name, const std::string& etag = "") {
    v1::DeleteActivityRequest request;
    request.set_name(name);
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return As<google::protobuf::Empty>(client, kActivities, "DeleteActivity", request).status();
  }
  absl::StatusOr<v1::Activity> Read(rpc::Client& client, const std::string& name) {
    v1::GetActivityRequest request;
    request.set_name(name);
    return As<v1::Activity>(client, kActivities, "GetActivity", request);
  }
  std::vector<std::string> Listed(rpc::Client& client, const std::string& filter = "") {
    v1::ListActivitiesRequest request;
    request.set_parent("partners/-");
    request.set_filter(filter);
    const auto reply = As<v1::ListActivitiesResponse>(client, kActivities, "ListActivities", request);
    EXPECT_OK(reply);
    std::vector<std::string> names;
    for (const v1::Activity& activity : reply->activities()) names.push_back(activity.name());
    return names;
  }
  const std::unique_ptr<rpc::Client> user_ = service_.UserOf("p-1"), stranger_ = service_.UserOf("p-2");
};

TEST_F(ActivitiesTest, BothSidesWorkOnWhatTheyShare) {
  ASSERT_OK_AND_ASSIGN(v1::Activity meeting, Create(*manager_, "meeting", Meeting()));
  EXPECT_EQ(meeting.author(), "manager-1");
  EXPECT_EQ(meeting.visibility(), v1::Activity::SHARED);
  EXPECT_EQ(meeting.follow_ups(0).follow_up_id(), "1");
  EXPECT_THAT(Listed(*user_, "next_due <= 2026-12-20"), ElementsAre("partners/p-1/activities/meeting"));
  // The partner does what was to be done.
  meeting.mutable_follow_ups(0)->set_done(true);
  ASSERT_OK_AND_ASSIGN(const v1::Activity done, Update(*user_, meeting, "follow_ups"));
  EXPECT_EQ(done.follow_ups(0).done_by(), "user-of-p-1");
  EXPECT_TRUE(done.follow_ups(0).has_done_time());
  EXPECT_THAT(Listed(*user_, "next_due <= 2026-12-20"), IsEmpty());
  EXPECT_THAT(Update(*user_, meeting, "follow_ups"), HasReason(Reason::kEtagMismatch));
  EXPECT_THAT(Delete(*user_, meeting.name()), HasReason(Reason::kPermissionDenied));

  // And writes of its own.
  ASSERT_OK_AND_ASSIGN(const v1::Activity note, Create(*user_, "note", Meeting()));
  EXPECT_TRUE(note.by_partner());
  EXPECT_THAT(Listed(*manager_, "by_partner = true"), ElementsAre(note.name()));
  EXPECT_THAT(Delete(*user_, note.name(), "\"0\""), HasReason(Reason::kEtagMismatch));
  EXPECT_OK(Delete(*user_, note.name(), note.etag()));
  EXPECT_THAT(Read(*manager_, note.name()), HasReason(Reason::kNotFound));
  EXPECT_OK(Delete(*manager_, meeting.name()));
  const std::multiset<std::string> told = Told();
  for (const char* verb : {"created ", "updated ", "deleted "}) EXPECT_EQ(told.count(verb + meeting.name()), 1u);
}

TEST_F(ActivitiesTest, WhatTheVendorKeepsIsNotThereForThePartner) {
  v1::Activity content = Meeting();
  content.set_visibility(v1::Activity::VENDOR_ONLY);
  ASSERT_OK_AND_ASSIGN(const v1::Activity kept, Create(*manager_, "kept", content));
  EXPECT_THAT(Create(*user_, "mine", content), Blames("activity.visibility"));
  EXPECT_THAT(Listed(*user_), IsEmpty());
  EXPECT_THAT(Listed(*manager_), SizeIs(1));
  const std::string absent = "partners/p-1/activities/absent";
  const auto alike = [&](auto ask) {
    const absl::Status there = ask(kept.name()), not_there = ask(absent);
    EXPECT_THAT(there, HasReason(Reason::kNotFound));
    EXPECT_EQ(ReasonOf(there), ReasonOf(not_there));
  };
  alike([&](const std::string& name) { return Read(*user_, name).status(); });
  alike([&](const std::string& name) { return Delete(*user_, name); });
  alike([&](const std::string& name) {
    v1::Activity change = Meeting();
    change.set_name(name);
    return Update(*user_, change, "subject").status();
  });
  // Shared later.
  v1::Activity shared = kept;
  shared.set_visibility(v1::Activity::SHARED);
  ASSERT_OK(Update(*manager_, shared, "visibility"));
  EXPECT_OK(Read(*user_, kept.name()));
  EXPECT_THAT(Update(*user_, kept, "visibility"), HasReason(Reason::kEtagMismatch));
  EXPECT_THAT(Read(*stranger_, kept.name()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Listed(*stranger_), IsEmpty());
}

TEST_F(ActivitiesTest, EveryBadFieldIsNamed) {
  v1::Activity bad;
  bad.add_follow_ups()->set_follow_up_id("a b");
  const auto refused = Create(*manager_, "a", bad);
  for (const char* field :
       {"activity.kind", "activity.subject", "activity.follow_ups[0].text", "activity.follow_ups[0].follow_up_id"}) {
    EXPECT_THAT(refused, Blames(field));
  }
  v1::Activity twice = Meeting();
  twice.mutable_follow_ups(0)->set_follow_up_id("x");
  *twice.add_follow_ups() = twice.follow_ups(0);
  EXPECT_THAT(Create(*manager_, "a", twice), Blames("activity.follow_ups[1].follow_up_id"));
  ASSERT_OK(Create(*manager_, "a", Meeting()));
  EXPECT_THAT(Create(*manager_, "a", Meeting()), HasReason(Reason::kAlreadyExists));
}

}  // namespace
}  // namespace tributary::partner
