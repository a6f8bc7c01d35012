#include "lookup.hpp"

#include <charconv>
#include <cstdint>
#include <memory>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using endpoints = std::vector<tcp::endpoint>;

struct search {
  explicit search(const asio::any_io_executor& executor) : resolver(executor), timer(executor) {}
  tcp::resolver resolver;
  asio::steady_timer timer;
  error_code code = boost::beast::error::timeout;
  endpoints found;
};

boost::system::result<endpoints> numeric(const asio::ip::address& address,
                                         const std::string& port) {
  std::uint16_t number = 0;
  const auto* const end = port.data() + port.size();
  const auto [stop, failed] = std::from_chars(port.data(), end, number);
  if (failed != std::errc{} || stop != end) return error_code(asio::error::service_not_found);
  return endpoints(1, tcp::endpoint(address, number));
}

}  // namespace

asio::awaitable<boost::system::result<endpoints>> look_up(
    asio::any_io_executor executor, std::string host, std::string port,
    std::chrono::steady_clock::time_point end) {
  error_code is_name;
  const auto address = asio::ip::make_address(host, is_name);
  if (!is_name) co_return numeric(address, port);

  const auto shared = std::make_shared<search>(executor);
  shared->timer.expires_at(end);
  shared->resolver.async_resolve(
      host, port, [shared](const error_code& code, const tcp::resolver::results_type& all) {
        shared->code = code;
        for (const auto& entry : all) shared->found.push_back(entry.endpoint());
        shared->timer.expires_at(asio::steady_timer::time_point::min());
      });
  co_await shared->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  if (shared->code) co_return shared->code;
  co_return std::move(shared->found);
}

}  // namespace plimsoll::http
