import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// The explorer in a real browser: what it draws is what the model decodes. Skipped without Chromium.
@Suite(.enabled(if: Browser.path != nil, "needs Chromium, on the path or as TAPESTRY_CHROMIUM"))
struct ExplorerBrowserTests {
    /// The page of a run, open in a browser, beside the trained model.
    private struct Explored {
        let browser: Browser
        let model: any Module
        let tiles: SampleTiles

        init(_ folder: TestFolder) throws {
            browser = try Browser()
            let run = try TrainingRun.open(at: folder.path("run"))
            model = try run.model()
            tiles = SampleTiles(try RunData(run.configuration.data, of: run).dataset.test)
            try browser.open(folder.path("run/report.html"))
        }

        var code: [Double] { get throws { try browser.numbers("explorer.state.code") } }

        func place(_ direction: Int) throws -> Double {
            try browser.numbers("[explorer.state.place(\(direction))]")[0]
        }

        /// The greatest difference, in grey levels, of the picture on the page from that of the model.
        func difference() throws -> Int {
            let code = try code
            let shape = [1] + (try browser.numbers("explorer.state.data.codeShape")).map { Int($0) }
            let codes = Tensor(code, shape: shape).cast(to: .float32)
            let made: Tensor
            if let model = model as? any DecodesGiven {
                let told = try browser.numbers("[explorer.state.told]")[0]
                made = model.decode(codes, given: Tensor([Int32(told)]))
            } else {
                made = try #require(model as? any Decodes).decode(codes)
            }
            let expected = tiles.tiles(made)[0].map { Int((min(max($0, 0), 1) * 255).rounded()) }
            let grid = tiles.grid
            let area = grid.tileWidth * grid.tileHeight
            let drawn = try browser.numbers(
                "byId('picture').getContext('2d').getImageData(0, 0, \(grid.tileWidth), "
                    + "\(grid.tileHeight)).data")
            try #require(drawn.count == 4 * area)
            return (0..<grid.channels * area).map { index in
                abs(Int(drawn[4 * (index % area) + index / area]) - expected[index])
            }.max() ?? 0
        }

        /// Drags from the middle of the plane to a place in it.
        func drag(_ across: Double, _ down: Double) throws {
            let plane = "byId('plane')"
            try browser.mouse("mousePressed", browser.point(in: plane))
            try browser.mouse("mouseMoved", browser.point(in: plane, 0.55, 0.45))
            try browser.mouse("mouseMoved", browser.point(in: plane, across, down))
            try browser.mouse("mouseReleased", browser.point(in: plane, across, down))
            try browser.settle()
        }
    }

    @Test func onePlaneByMouseFingerAndKeys() throws {
        let digits = try Dataset.named("digits8x8")
        let page = try Explored(TrainedFixture.made.folder)
        let browser = page.browser
        #expect(try page.difference() <= 1)
        let start = try page.code

        try page.drag(0.75, 0.25)
        // The prior reaches from −3 to 3.
        #expect(try abs(page.place(0) - 1.5) < 0.05 && abs(page.place(1) - 1.5) < 0.05)
        #expect(try page.difference() <= 1)
        // After the button is released the mouse moves nothing.
        let dragged = try page.code
        try browser.mouse("mouseMoved", browser.point(in: "byId('plane')", 0.1, 0.1))
        try browser.settle()
        #expect(try page.code == dragged)

        let finger = try browser.point(in: "byId('plane')", 0.25, 0.75)
        try browser.touch("touchStart", [finger])
        try browser.touch("touchMove", [(finger.x + 1, finger.y)])
        try browser.touch("touchEnd", [])
        try browser.settle()
        #expect(try abs(page.place(0) + 1.5) < 0.05 && abs(page.place(1) + 1.5) < 0.05)
        #expect(try page.difference() <= 1)

        try browser.evaluate("byId('plane').focus()")
        let before = try (page.place(0), page.place(1))
        try browser.press("ArrowRight", code: 39)
        try browser.press("ArrowUp", code: 38)
        try browser.press("ArrowUp", code: 38)
        #expect(try abs(page.place(0) - before.0 - 0.12) < 1e-6)
        #expect(try abs(page.place(1) - before.1 - 0.24) < 1e-6)
        #expect(try page.difference() <= 1)
        try browser.press("Home", code: 36)
        #expect(try page.code == start)

        // A test sample begins with its own code.
        let tile = "byId('starts').children[5]"
        try browser.click(tile)
        let number = try browser.numbers("[explorer.state.data.samples.numbers[5]]")[0]
        let sample = digits.test.batch(Int(number) - 1..<Int(number), as: .float32)
        let encoded = try #require(page.model as? any Encodes).encode(sample)
            .elements(as: Float.self).map(Double.init)
        #expect(try zip(page.code, encoded).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(try browser.evaluate("\(tile).getAttribute('aria-pressed')") as? String == "true")
        #expect(try page.difference() <= 1)
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }

    /// Of codes of more numbers the other directions have sliders, and everything has a name.
    @Test func slidersMoveTheOtherDirections() throws {
        let folder = TestFolder()
        let trained = try tapestry(
            "train", "vae", "--data", "digits8x8", "--epochs", "1", "--latent-size", "5",
            "--hidden-sizes", "32", "--network", "convolutional", "--channels", "4,8", "--output",
            "run", "--quiet", in: folder)
        #expect(trained.status == 0, "\(trained.error)")
        let page = try Explored(folder)
        let browser = page.browser
        #expect(
            try browser.evaluate("byId('sliders').querySelectorAll('input').length") as? Int == 3)
        let before = try (0..<5).map { try page.place($0) }
        try browser.evaluate("byId('sliders').querySelectorAll('input')[1].focus()")
        for _ in 0..<8 { try browser.press("ArrowRight", code: 39) }
        let after = try (0..<5).map { try page.place($0) }
        for direction in 0..<5 where direction != 3 {
            #expect(abs(after[direction] - before[direction]) < 1e-5)
        }
        #expect(after[3] - before[3] > 0.1)
        #expect(try page.difference() <= 1)
        try page.drag(0.3, 0.6)
        #expect(try abs(page.place(3) - after[3]) < 1e-5)
        #expect(try page.difference() <= 1)
        let nameless = try browser.evaluate(
            "[...document.querySelectorAll('.explorer :is(button, input, [tabindex])')].filter("
                + "(e) => !e.ariaLabel && !e.textContent && !e.labels?.length "
                + "&& !e.getAttribute('aria-labelledby')).length")
        #expect(nameless as? Int == 0)
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }

    /// Classes have buttons; where each has codes of its own, the code is moved.
    @Test func classesHaveButtons() throws {
        let folder = TestFolder()
        let trained = try tapestry(
            "train", "conditional-vae", "--data", "digits8x8", "--epochs", "3", "--latent-size",
            "2",
            "--hidden-sizes", "32", "--prior", "conditional", "--learning-rate", "0.01", "--output",
            "run", "--quiet", in: folder)
        #expect(trained.status == 0, "\(trained.error)")
        let page = try Explored(folder)
        let browser = page.browser
        #expect(try page.difference() <= 1)
        let code = try page.code
        let own = try browser.numbers("[explorer.state.told]")[0]
        let button =
            "[...byId('condition').querySelectorAll('button')].find("
            + "(b) => b.textContent === '7')"
        try browser.click(button)
        #expect(try browser.numbers("[explorer.state.told]") == [7])
        #expect(try browser.evaluate("\(button).ariaPressed") as? String == "true")
        let model = try #require(page.model as? any DecodesGiven)
        let moved = model.moved(
            Tensor(code, shape: [1, 2]).cast(to: .float32), from: Tensor([Int32(own)]),
            to: Tensor([Int32(7)])
        ).elements(as: Float.self)
        #expect(try zip(page.code, moved).allSatisfy { abs($0 - Double($1)) < 1e-4 })
        #expect(try page.code != code)
        #expect(try page.difference() <= 1)
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }

    /// Poses have sliders of their own, colours their channels, and numbers their range.
    @Test func coloursPosesAndOtherNumbers() throws {
        let folder = TestFolder()
        var generator = RandomGenerator(seed: 3)
        let images = 6 * generator.uniform([60, 3, 6, 7]) - 2
        try NPY.write(images, to: folder.path("colours.npy"))
        let trained = try tapestry(
            "train", "rvae", "--data", folder.path("colours.npy"), "--epochs", "2",
            "--hidden-sizes", "16",
            "--decoder-sizes", "16,16", "--skips", "true", "--resizing", "0.2", "--output", "run",
            "--quiet", in: folder)
        #expect(trained.status == 0, "\(trained.error)")
        let page = try Explored(folder)
        let names = try page.browser.evaluate("explorer.state.directions.map((d) => d.name)")
        #expect(
            names as? [String] == [
                "component 1", "component 2", "angle", "shift to the right", "shift down", "size",
            ])
        #expect(try page.difference() <= 1)
        try page.browser.evaluate("byId('sliders').querySelectorAll('input')[0].focus()")
        for _ in 0..<4 { try page.browser.press("ArrowRight", code: 39) }
        try page.drag(0.7, 0.7)
        #expect(try page.difference() <= 1)
        #expect(page.browser.complaints.isEmpty, "\(page.browser.complaints)")
    }

    /// Everything that layers do is known to the script.
    @Test func everyStepIsComputed() throws {
        let browser = try Browser()
        try browser.open(TrainedFixture.made.folder.path("run/report.html"))
        for (name, steps, shape) in StepSamples.all {
            var generator = RandomGenerator(seed: 5)
            let input = generator.normal([1] + shape)
            let expected = steps(input).cast(to: .float64).elements(as: Double.self)
            let packed = steps.map { PackedStep($0, .float32) }
            let json = String(decoding: try JSONEncoder().encode(packed), as: UTF8.self)
            let numbers = input.cast(to: .float64).elements(as: Double.self)
            let made = try browser.numbers(
                "evaluated(readSteps(\(json)), {shape: \(shape), data: Float64Array.from(\(numbers))})"
                    + ".data")
            #expect(made.count == expected.count, "\(name)")
            let worst = zip(made, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
            #expect(worst < 1e-5, "\(name): \(worst)")
        }
    }
}
