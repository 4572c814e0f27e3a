// Announcements over the wire: who is shown what, and who learns who has read it.

#include "partner-service/testing_partners.h"
#include "tributary/partner/v1/announcement.pb.h"
#include "tributary/partner/v1/partner_program.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kAnnouncements[] = "tributary.partner.v1.AnnouncementService/";

class AnnouncementsTest : public PartnersTest {
 protected:
  void SetUp() override {
    Territories();
    for (const auto& [id, region] : {std::pair("p-1", "regions/aw-us-wa"), std::pair("p-2", "regions/aw-2")}) {
      v1::Partner partner = NewPartner();
      partner.set_home_region(region);
      ASSERT_OK(CreatePartner(id, partner));
    }
  }
  static v1::CreateAnnouncementRequest Request(std::string_view id) {
    v1::CreateAnnouncementRequest request;
    request.set_announcement_id(std::string(id));
    request.set_request_id(NewRequestId());
    v1::Announcement::Text& text = *request.mutable_announcement()->add_texts();
    text.set_locale("en");
    text.set_title(std::string(id));
    return request;
  }
  absl::StatusOr<v1::Announcement> Create(const v1::CreateAnnouncementRequest& request) {
    return Call<v1::Announcement>(kAnnouncements, "CreateAnnouncement", request);
  }
  void Published(const v1::CreateAnnouncementRequest& request) {
    ASSERT_OK_AND_ASSIGN(const v1::Announcement draft, Create(request));
    EXPECT_EQ(draft.state(), v1::Announcement::DRAFT);
    ASSERT_OK((Do<v1::Announcement, v1::PublishAnnouncementRequest>(kAnnouncements, "PublishAnnouncement", draft.name(),
                                                                    draft.etag())));
  }
  absl::StatusOr<v1::ListPartnerAnnouncementsResponse> Shown(std::string_view partner, std::string_view as = "") {
    v1::ListPartnerAnnouncementsRequest request;
    request.set_parent(StrCat("partners/", partner));
    return As<v1::ListPartnerAnnouncementsResponse>(*service_.UserOf(as.empty() ? partner : as), kAnnouncements,
                                                    "ListPartnerAnnouncements", request);
  }
  std::vector<std::string> NamesFor(std::string_view partner) {
    const auto shown = Shown(partner);
    EXPECT_OK(shown);
    std::vector<std::string> names;
    for (const auto& announcement : shown->announcements()) names.push_back(announcement.name());
    return names;
  }
  absl::StatusOr<v1::AnnouncementReceipt> Acknowledge(std::string_view name, std::string_view partner,
                                                      std::string_view as = "") {
    v1::AcknowledgeAnnouncementRequest request;
    request.set_name(std::string(name));
    request.set_partner(StrCat("partners/", partner));
    request.set_request_id(NewRequestId());
    return As<v1::AnnouncementReceipt>(*service_.UserOf(as.empty() ? partner : as), kAnnouncements,
                                       "AcknowledgeAnnouncement", request);
  }
};

TEST_F(AnnouncementsTest, APartnerIsShownWhatIsForIt) {
  auto to_region = Request("region");
  to_region.mutable_announcement()->mutable_audience()->add_regions("regions/aw-1");
  auto to_partner = Request("partner");
  to_partner.mutable_announcement()->mutable_audience()->add_partners("partners/p-2");
  Published(Request("all"));
  Published(to_region);
  Published(to_partner);
  ASSERT_OK(Create(Request("draft")));
  // The latest first; p-1 is at home below aw-1.
  EXPECT_THAT(NamesFor("p-1"), ElementsAre("announcements/region", "announcements/all"));
  EXPECT_THAT(NamesFor("p-2"), ElementsAre("announcements/partner", "announcements/all"));
  ASSERT_OK((Do<v1::Announcement, v1::WithdrawAnnouncementRequest>(kAnnouncements, "WithdrawAnnouncement",
                                                                   "announcements/all")));
  EXPECT_THAT(NamesFor("p-1"), ElementsAre("announcements/region"));
  EXPECT_THAT((Do<v1::Announcement, v1::PublishAnnouncementRequest>(kAnnouncements, "PublishAnnouncement",
                                                                    "announcements/all")),
              HasReason(Reason::kStateConflict));
  EXPECT_THAT(Shown("p-2", "p-1"), HasReason(Reason::kPermissionDenied));
  const auto user = service_.UserOf("p-1");
  v1::GetAnnouncementRequest get;
  for (const char* name : {"announcements/region", "announcements/none"}) {
    get.set_name(name);
    EXPECT_THAT(As<v1::Announcement>(*user, kAnnouncements, "GetAnnouncement", get),
                HasReason(Reason::kPermissionDenied));
  }
  const std::multiset<std::string> told = Told();
  for (const char* event :
       {"created announcements/all", "published announcements/all", "withdrawn announcements/all"}) {
    EXPECT_EQ(told.count(event), 1u) << event;
  }
}

// By the level that the partner holds when it looks.
TEST_F(AnnouncementsTest, OneForALevelIsShownToWhoHoldsIt) {
  v1::CreatePartnerProgramRequest program;
  program.set_partner_program_id("growth");
  program.mutable_partner_program()->add_levels()->set_level("member");
  program.mutable_partner_program()->set_months(1);
  program.mutable_partner_program()->set_notice_days(1);
  ASSERT_OK(Call<v1::PartnerProgram>("tributary.partner.v1.PartnerProgramService/", "CreatePartnerProgram", program));
  auto to_level = Request("level");
  to_level.mutable_announcement()->mutable_audience()->add_levels("partnerPrograms/growth/levels/gold");
  to_level.mutable_announcement()->mutable_audience()->add_levels("partnerPrograms/none/levels/member");
  const auto unknown = Create(to_level);
  EXPECT_THAT(unknown, HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(unknown, Blames("announcement.audience.levels[0]"));
  EXPECT_THAT(unknown, Blames("announcement.audience.levels[1]"));
  to_level = Request("level");
  to_level.mutable_announcement()->mutable_audience()->add_levels("partnerPrograms/growth/levels/member");
  Published(to_level);
  EXPECT_THAT(NamesFor("p-1"), IsEmpty());
  EXPECT_THAT(Acknowledge("announcements/level", "p-1"), HasReason(Reason::kNotFound));
  SignedAgreement("partners/p-1");
  ASSERT_OK((Do<v1::Partner, v1::ActivatePartnerRequest>(kPartners, "ActivatePartner", "partners/p-1")));
  v1::EvaluateTierAssignmentsRequest evaluate;
  evaluate.set_parent("partners/p-1");
  ASSERT_OK(Call<v1::EvaluateTierAssignmentsResponse>("tributary.partner.v1.TierAssignmentService/",
                                                      "EvaluateTierAssignments", evaluate));
  EXPECT_THAT(NamesFor("p-1"), ElementsAre("announcements/level"));
  EXPECT_THAT(NamesFor("p-2"), IsEmpty());
  ASSERT_OK(Acknowledge("announcements/level", "p-1"));
}

TEST_F(AnnouncementsTest, ReceiptsAreTheVendorsToSee) {
  auto to_region = Request("region");
  to_region.mutable_announcement()->mutable_audience()->add_regions("regions/aw-1");
  Published(Request("all"));
  Published(to_region);
  ASSERT_OK_AND_ASSIGN(const v1::AnnouncementReceipt receipt, Acknowledge("announcements/all", "p-1"));
  EXPECT_EQ(receipt.principal(), "user-of-p-1");
  EXPECT_EQ(Acknowledge("announcements/all", "p-1")->SerializeAsString(), receipt.SerializeAsString());
  ASSERT_OK(Acknowledge("announcements/all", "p-2"));
  EXPECT_EQ(Told().count("acknowledged announcements/all"), 2u);
  // What is not for it is answered as what is not there.
  const absl::Status foreign = Acknowledge("announcements/region", "p-2").status();
  const absl::Status absent = Acknowledge("announcements/absent", "p-2").status();
  EXPECT_THAT(foreign, HasReason(Reason::kNotFound));
  EXPECT_THAT(absent, HasReason(Reason::kNotFound));
  EXPECT_THAT(Acknowledge("announcements/all", "p-1", "p-2"), HasReason(Reason::kPermissionDenied));

  v1::ListAnnouncementReceiptsRequest list;
  list.set_parent("announcements/all");
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(auto page,
                       Call<v1::ListAnnouncementReceiptsResponse>(kAnnouncements, "ListAnnouncementReceipts", list));
  ASSERT_THAT(page.receipts(), SizeIs(1));
  EXPECT_EQ(page.receipts(0).partner(), "partners/p-1");
  list.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(page,
                       Call<v1::ListAnnouncementReceiptsResponse>(kAnnouncements, "ListAnnouncementReceipts", list));
  ASSERT_THAT(page.receipts(), SizeIs(1));
  EXPECT_EQ(page.receipts(0).partner(), "partners/p-2");
  EXPECT_EQ(page.next_page_token(), "");
  EXPECT_THAT(As<v1::ListAnnouncementReceiptsResponse>(*service_.UserOf("p-1"), kAnnouncements,
                                                       "ListAnnouncementReceipts", list),
              HasReason(Reason::kPermissionDenied));
  // Each sees whether it has acknowledged, not who else has.
  ASSERT_OK_AND_ASSIGN(const auto shown, Shown("p-1"));
  ASSERT_THAT(shown.announcements(), SizeIs(2));
  EXPECT_FALSE(shown.announcements(0).has_acknowledge_time());
  EXPECT_TRUE(shown.announcements(1).has_acknowledge_time());
}

TEST_F(AnnouncementsTest, EveryBadFieldIsNamed) {
  auto request = Request("a");
  v1::Announcement& announcement = *request.mutable_announcement();
  *announcement.add_texts() = announcement.texts(0);
  announcement.mutable_audience()->add_regions("aw-1");
  EXPECT_THAT(Create(request), Blames("announcement.texts[1].locale"));
  EXPECT_THAT(Create(request), Blames("announcement.audience.regions[0]"));
  request = Request("a");
  request.mutable_announcement()->mutable_audience()->add_regions("regions/none");
  request.mutable_announcement()->mutable_audience()->add_partners("partners/none");
  request.mutable_announcement()->mutable_audience()->add_channels("channels/none");
  EXPECT_THAT(Create(request), HasReason(Reason::kReferenceNotFound));
  for (const char* list : {"regions", "partners", "channels"}) {
    EXPECT_THAT(Create(request), Blames(StrCat("announcement.audience.", list, "[0]")));
  }
  request = Request("a");
  request.mutable_announcement()->clear_texts();
  EXPECT_THAT(Create(request), Blames("announcement.texts"));
  EXPECT_THAT(NamesFor("p-1"), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
