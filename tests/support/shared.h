#pragma once

// What many tests of a binary use and is slow to make.

#include <gtest/gtest.h>

#include <memory>

namespace tributary::testing {

// The one T of a binary: made at its first use, ended after the last test.
template <typename T>
class Shared {
 public:
  static T& Get() {
    if (Owner() == nullptr) {
      static ::testing::Environment* const end = ::testing::AddGlobalTestEnvironment(new End);
      (void)end;
      Owner().reset(new T());
    }
    return *Owner();
  }

 private:
  class End : public ::testing::Environment {
   public:
    void TearDown() override { Owner().reset(); }
  };
  static std::unique_ptr<T>& Owner() {
    static auto& owner = *new std::unique_ptr<T>();
    return owner;
  }
};

}  // namespace tributary::testing
