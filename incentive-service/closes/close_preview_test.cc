#include "incentive-service/closes/close_preview.h"

#include "common/status/status_matchers.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

PartnerEntry EntryOf(const std::string& partner, const std::string& program, int64_t value, int64_t stated = 0,
                     StatementEntryKind kind = StatementEntryKind::kEarned) {
  StatementEntry entry{.kind = kind, .program = program, .value = value, .stated_before = stated};
  entry.scale.id = "2025Q1";
  return {partner, std::move(entry)};
}

TEST(ClosePreviewTest, GathersEntriesByPartner) {
  const std::vector<PartnerPreview> previews =
      PreviewOf({EntryOf("p2", "b", 700), EntryOf("p1", "b", 500), EntryOf("p1", "a", 100, 250)}, std::nullopt);
  ASSERT_THAT(previews, SizeIs(2));
  EXPECT_EQ(previews[0].partner, "p1");
  ASSERT_THAT(previews[0].entries, SizeIs(2));
  EXPECT_EQ(previews[0].entries[0].program, "b") << "in the order of the close";
  EXPECT_EQ(previews[0].amount, 350);
  EXPECT_EQ(previews[1].amount, 700);
  EXPECT_THAT(previews[0].changes, IsEmpty()) << "without a mark nothing has changed";
}

TEST(ClosePreviewTest, TellsWhatIsNotAsItWas) {
  const std::vector<PartnerPreview> previews = PreviewOf(
      {EntryOf("p1", "a", 100), EntryOf("p1", "a", 40, 50, StatementEntryKind::kTrueUp), EntryOf("p3", "a", 9)},
      std::vector<PartnerEntry>{EntryOf("p1", "a", 100), EntryOf("p2", "a", 60), EntryOf("p3", "a", 7)});
  ASSERT_THAT(previews, SizeIs(3));
  EXPECT_THAT(previews[0].changes, ElementsAre(EntryChange{"a", "2025Q1", StatementEntryKind::kTrueUp, 0, -10}));
  EXPECT_EQ(previews[1].partner, "p2");
  EXPECT_THAT(previews[1].entries, IsEmpty()) << "gone";
  EXPECT_THAT(previews[1].changes, ElementsAre(EntryChange{"a", "2025Q1", StatementEntryKind::kEarned, 60, 0}));
  EXPECT_THAT(previews[2].changes, ElementsAre(EntryChange{"a", "2025Q1", StatementEntryKind::kEarned, 7, 9}));
}

TEST(ClosePreviewTest, ReadsMarks) {
  for (const Watermark& watermark : {Watermark{}, Watermark{17}, Watermark{0, 3, 0, 12}, [] {
                                       Watermark w(66);
                                       w[64] = 5;
                                       w[65] = 1;
                                       return w;
                                     }()}) {
    ASSERT_OK_AND_ASSIGN(const Watermark read, ParseMark(WatermarkText(watermark)));
    EXPECT_EQ(WatermarkText(read), WatermarkText(watermark));
  }
  for (const char* mark : {"x", "1", "1:", ":1", "1:0", "-1:5", "2:1 1:1", "1:1 1:2", "1:1 ", " 1:1", "1:1  2:1",
                           "99999999999:1", "128:1", "1:99999999999999999999"}) {
    EXPECT_THAT(ParseMark(mark), HasReason(Reason::kInvalidField)) << mark;
  }
}

}  // namespace
}  // namespace tributary::incentive
