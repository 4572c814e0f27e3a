#include "conflict-service/packing_events/packing_event.h"

#include <algorithm>
#include <utility>

#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Action = PackingEvent::Action;

PackingEvent Event(Action action, const char* date, std::set<std::string> serials) {
  PackingEvent event{
      .name = "packingEvents/p", .action = action, .container = "BOX", .contents = {}, .date = Day(date)};
  for (const std::string& serial : serials) event.contents.insert(Packed{"products/x", serial});
  return event;
}

std::vector<std::string> SerialsOn(const std::vector<PackingEvent>& events, const char* date) {
  std::vector<std::string> serials;
  for (const Packed& packed : ContentsOn(events, Day(date))) serials.push_back(packed.code);
  return serials;
}

TEST(PackingEventTest, WhatIsInABoxOnADay) {
  std::vector<PackingEvent> events = {
      Event(Action::kAdd, "2026-06-02", {"s1", "s2", "s3"}), Event(Action::kDelete, "2026-06-10", {"s2"}),
      Event(Action::kAdd, "2026-06-15", {"s4"}), Event(Action::kDelete, "2026-06-20", {}),
      Event(Action::kAdd, "2026-06-25", {"s2"})};
  // The order in which they are told leaves no trace.
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_THAT(SerialsOn(events, "2026-06-01"), IsEmpty());
    EXPECT_THAT(SerialsOn(events, "2026-06-02"), ElementsAre("s1", "s2", "s3"));
    EXPECT_THAT(SerialsOn(events, "2026-06-10"), ElementsAre("s1", "s2", "s3")) << "it may have been seen before";
    EXPECT_THAT(SerialsOn(events, "2026-06-11"), ElementsAre("s1", "s3"));
    EXPECT_THAT(SerialsOn(events, "2026-06-20"), ElementsAre("s1", "s3", "s4"));
    EXPECT_THAT(SerialsOn(events, "2026-06-21"), IsEmpty());
    EXPECT_THAT(SerialsOn(events, "2026-07-01"), ElementsAre("s2"));
    std::reverse(events.begin(), events.end());
  }
}

TEST(PackingEventTest, OfOneDayWhatIsPutInComesFirst) {
  const std::vector<PackingEvent> events = {Event(Action::kDelete, "2026-06-02", {"s1"}),
                                            Event(Action::kAdd, "2026-06-02", {"s1", "s2"})};
  EXPECT_THAT(SerialsOn(events, "2026-06-02"), ElementsAre("s1", "s2"));
  EXPECT_THAT(SerialsOn(events, "2026-06-03"), ElementsAre("s2"));
}

TEST(PackingEventTest, AProductsUnitIsNotAnothersOrABox) {
  PackingEvent other = Event(Action::kDelete, "2026-06-03", {});
  other.contents = {{"products/y", "s1"}, {"", "s1"}};
  EXPECT_THAT(SerialsOn({Event(Action::kAdd, "2026-06-02", {"s1"}), other}, "2026-06-09"), ElementsAre("s1"));
}

}  // namespace
}  // namespace tributary::conflict
