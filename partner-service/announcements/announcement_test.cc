#include "partner-service/announcements/announcement.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

Announcement In(AnnouncementState state) {
  return {.id = "a-1",
          .revision = Revision::First(kNow - absl::Hours(1)),
          .state = state,
          .texts = {{"en", "Prices", "They change."}, {"zh-CN", "价格", ""}}};
}

TEST(AnnouncementTest, EveryVerbFromEveryState) {
  using S = AnnouncementState;
  for (const S from : {S::kDraft, S::kPublished, S::kWithdrawn}) {
    SCOPED_TRACE(std::string(NameOf(from)));
    const auto outcome = [](bool allowed) { return allowed ? Reason::kUnspecified : Reason::kStateConflict; };
    EXPECT_EQ(ReasonOf(Publish(In(from), kNow).status()), outcome(from == S::kDraft));
    EXPECT_EQ(ReasonOf(Withdraw(In(from), kNow).status()), outcome(from != S::kWithdrawn));
  }
  EXPECT_EQ(Publish(In(S::kDraft), kNow)->publish_time, kNow);
  EXPECT_EQ(Withdraw(In(S::kDraft), kNow)->revision.version, 2);
}

TEST(AnnouncementTest, ItIsForWhoFulfilsEveryListThatIsNotEmpty) {
  const Listener listener{
      "partners/p-1", "channels/c-1", {"regions/sh", "regions/east"}, {"partnerPrograms/a/levels/l"}};
  const Listener nowhere{"partners/p-2", "", {}, {}};
  struct Case {
    Audience audience;
    bool listener, nowhere;
  };
  const Case cases[] = {
      {{}, true, true},
      {{.channels = {"channels/c-1", "channels/c-2"}}, true, false},
      {{.channels = {"channels/c-2"}}, false, false},
      {{.regions = {"regions/sh"}}, true, false},
      {{.regions = {"regions/west", "regions/east"}}, true, false},
      {{.regions = {"regions/west"}}, false, false},
      {{.partners = {"partners/p-2"}}, false, true},
      {{.channels = {"channels/c-1"}, .regions = {"regions/east"}, .partners = {"partners/p-1"}}, true, false},
      {{.channels = {"channels/c-2"}, .partners = {"partners/p-1"}}, false, false},
      {{.levels = {"partnerPrograms/a/levels/k", "partnerPrograms/a/levels/l"}}, true, false},
      {{.levels = {"partnerPrograms/b/levels/l"}}, false, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(IsFor(c.audience, listener), c.listener);
    EXPECT_EQ(IsFor(c.audience, nowhere), c.nowhere);
  }
}

TEST(AnnouncementTest, EveryFaultIsNamed) {
  EXPECT_OK(CheckContent(In(AnnouncementState::kDraft)));
  Announcement announcement = In(AnnouncementState::kDraft);
  announcement.texts.push_back({"en", "two\nlines", "a\nbody"});
  announcement.audience = {.channels = {"c-1"}, .regions = {"regions/a", "regions/a"}, .partners = {"partners/"}};
  announcement.audience.levels = {"partnerPrograms/a", "partnerPrograms/a/levels/l", "partnerPrograms/a/levels/l"};
  const absl::Status refused = CheckContent(announcement);
  for (const char* field : {"audience.channels[0]", "audience.regions[1]", "audience.partners[0]", "audience.levels[0]",
                            "audience.levels[2]", "texts[2].locale", "texts[2].title"}) {
    EXPECT_THAT(refused, Blames(field));
  }
  EXPECT_EQ(DetailOf(refused).violations.size(), 7u);
}

}  // namespace
}  // namespace tributary::partner
