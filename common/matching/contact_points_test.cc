#include <string>
#include <vector>

#include "common/matching/address.h"
#include "common/matching/domain.h"
#include "gtest/gtest.h"

namespace tributary::matching {
namespace {

TEST(DomainTest, RegistrablePart) {
  struct Case {
    std::string text, domain;
  };
  for (const Case& c : std::vector<Case>{
           {"example.com", "example.com"},
           {"https://WWW.Shop.Example.co.uk:8080/a?b#c", "example.co.uk"},
           {"sales@mail.example.com.cn", "example.com.cn"},
           {"co.uk", "co.uk"},
           {"a.b.example.de", "example.de"},
           {"bücher.example", "xn--bcher-kva.example"},
           {"somebody@gmail.com", ""},
           {"me@mx.qq.com", ""},
           {"10.0.0.1", ""},
           {"localhost", ""},
           {"", ""},
       }) {
    EXPECT_EQ(RegistrableDomain(c.text), c.domain) << c.text;
  }
}

TEST(PhoneTest, Same) {
  struct Case {
    std::string a, b;
    bool same;
  };
  for (const Case& c : std::vector<Case>{
           {"+44 (0)20 7946 0000", "020 7946 0000", true},
           {"0086-21-6100-1234", "021 61001234 转 12", true},
           {"020 7946 0000", "020 7946 0001", false},
           {"12345", "12345", false},
           {"", "", false},
       }) {
    EXPECT_EQ(SamePhone(PhoneDigits(c.a), PhoneDigits(c.b)), c.same) << c.a << " / " << c.b;
    EXPECT_EQ(SamePhone(PhoneDigits(c.b), PhoneDigits(c.a)), c.same) << c.a << " / " << c.b;
  }
}

TEST(AddressTest, Likeness) {
  struct Case {
    std::string a, b;
    int least, most;
  };
  for (const Case& c : std::vector<Case>{
           {"12 N. Quay Street", "12 North Quay St., Bristol", 1000, 1000},
           {"12 North Quay St", "14 North Quay St", 0, 300},
           {"51 W 3rd St", "51 West 3rd Street", 1000, 1000},
           {"12 Quay Street", "12 Mill Lane", 300, 600},
           {"台北市中山北路2段113號", "臺北市中山北路二段113號", 1000, 1000},
           {"", "12 Quay Street", 0, 0},
       }) {
    const int likeness = AddressLikeness(ReadAddress(c.a), ReadAddress(c.b));
    EXPECT_GE(likeness, c.least) << c.a << " / " << c.b;
    EXPECT_LE(likeness, c.most) << c.a << " / " << c.b;
    EXPECT_EQ(AddressLikeness(ReadAddress(c.b), ReadAddress(c.a)), likeness) << c.a << " / " << c.b;
  }
}

}  // namespace
}  // namespace tributary::matching
