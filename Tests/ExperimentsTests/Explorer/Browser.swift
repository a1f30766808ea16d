import Foundation
import TestSupport
import Testing

/// Chromium without a window, driven by the DevTools protocol over pipes: events are those that a mouse,
/// a finger or a keyboard would cause.
final class Browser {
    /// The browser of the environment variable `TAPESTRY_CHROMIUM`, or one on the path; nil without.
    static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        if let named = environment["TAPESTRY_CHROMIUM"], !named.isEmpty { return named }
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        return ["chromium", "chromium-browser", "google-chrome"].lazy.flatMap { name in
            folders.map { "\($0)/\(name)" }
        }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    struct Failure: Error { let what: String }

    private let process: ChildProcess
    private let (input, output) = (Pipe(), Pipe())
    private let profile = TestFolder()
    private var received = Data()
    private var count = 0
    private var session: String?
    /// The events since the last page was opened, with what they tell.
    private var events: [(name: String, content: [String: Any])] = []

    init() throws {
        // The browser listens to its third file and answers by its fourth.
        process = try ChildProcess(
            [
                "/bin/sh", "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null",
                try #require(Self.path), "--headless", "--no-sandbox", "--disable-gpu",
                "--remote-debugging-pipe", "--user-data-dir=\(profile.url.path)",
            ],
            input: input.fileHandleForReading, output: output.fileHandleForWriting)
        let target = try send("Target.createTarget", ["url": "about:blank"])["targetId"]
        session =
            try send("Target.attachToTarget", ["targetId": target ?? "", "flatten": true])[
                "sessionId"] as? String
        for domain in ["Page", "Runtime", "Log"] { try send("\(domain).enable") }
        try send(
            "Emulation.setDeviceMetricsOverride",
            ["width": 1200, "height": 1600, "deviceScaleFactor": 1, "mobile": false])
    }

    deinit {
        process.send(SIGTERM)
        process.wait()
    }

    // MARK: Protocol

    @discardableResult
    func send(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        count += 1
        var message: [String: Any] = ["id": count, "method": method, "params": parameters]
        message["sessionId"] = session
        let data = try JSONSerialization.data(withJSONObject: message)
        try input.fileHandleForWriting.write(contentsOf: data + [0])
        while true {
            let answer = try receive()
            guard answer["id"] as? Int == count else { continue }
            guard let result = answer["result"] as? [String: Any] else {
                throw Failure(what: "\(method): \(answer)")
            }
            return result
        }
    }

    /// The next message: an answer, or an event.
    private func receive() throws -> [String: Any] {
        while true {
            if let end = received.firstIndex(of: 0) {
                let text = received[..<end]
                received = Data(received[received.index(after: end)...])
                let message = try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
                if let name = message["method"] as? String {
                    events.append((name, message["params"] as? [String: Any] ?? [:]))
                }
                return message
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure(what: "the browser has ended") }
            received += more
        }
    }

    // MARK: Pages

    /// Opens a page and waits until its explorer shows everything.
    func open(_ path: String) throws {
        events = []
        try send("Page.navigate", ["url": URL(fileURLWithPath: path).absoluteString])
        while !events.contains(where: { $0.name == "Page.loadEventFired" }) { _ = try receive() }
        try evaluate(
            "new Promise((done) => { const look = () => byId('near').firstChild ? done(true) "
                + ": setTimeout(look, 10); look(); })")
    }

    /// What went wrong in the page since it was opened.
    var complaints: [String] {
        events.filter { event in
            let entry = event.content["entry"] as? [String: Any]
            return event.name == "Runtime.exceptionThrown" || entry?["level"] as? String == "error"
        }.map { "\($0.content)" }
    }

    /// The value of an expression, or of the promise that it gives.
    @discardableResult
    func evaluate(_ expression: String) throws -> Any? {
        let answer = try send(
            "Runtime.evaluate",
            ["expression": expression, "awaitPromise": true, "returnByValue": true])
        if let details = answer["exceptionDetails"] { throw Failure(what: "\(details)") }
        return (answer["result"] as? [String: Any])?["value"]
    }

    func numbers(_ expression: String) throws -> [Double] {
        try #require(try evaluate("Array.from(\(expression))") as? [Any]).map {
            ($0 as? NSNumber)?.doubleValue ?? .nan
        }
    }

    /// Waits until what changed is drawn.
    func settle() throws {
        try evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => "
                + "done(true))))")
    }

    // MARK: Events

    /// The point at a share of the width and of the height of an element, which is scrolled into view.
    func point(in element: String, _ across: Double = 0.5, _ down: Double = 0.5) throws -> (
        x: Double, y: Double
    ) {
        let box = try numbers(
            "(() => { const found = \(element); found.scrollIntoView({block: 'center'}); "
                + "const b = found.getBoundingClientRect(); "
                + "return [b.left, b.top, b.width, b.height]; })()")
        return (box[0] + across * box[2], box[1] + down * box[3])
    }

    func mouse(_ kind: String, _ point: (x: Double, y: Double)) throws {
        try send(
            "Input.dispatchMouseEvent",
            [
                "type": kind, "x": point.x, "y": point.y, "button": "left", "clickCount": 1,
                "buttons": kind == "mouseReleased" ? 0 : 1,
            ])
    }

    func click(_ element: String) throws {
        let point = try point(in: element)
        try mouse("mousePressed", point)
        try mouse("mouseReleased", point)
        try settle()
    }

    func touch(_ kind: String, _ points: [(x: Double, y: Double)]) throws {
        try send(
            "Input.dispatchTouchEvent",
            ["type": kind, "touchPoints": points.map { ["x": $0.x, "y": $0.y] }])
    }

    func press(_ key: String, code: Int) throws {
        for kind in ["rawKeyDown", "keyUp"] {
            try send(
                "Input.dispatchKeyEvent",
                ["type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code])
        }
        try settle()
    }
}
