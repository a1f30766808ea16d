import Synchronization
import Testing

@testable import Experiments

@Suite struct ProgressLineTests {
    private let state = ProgressState(
        epoch: 3, epochs: 30, samples: 2250, samplesPerEpoch: 4500,
        terms: [
            ProgressTerm(name: "loss", value: 104.2345),
            ProgressTerm(name: "reconstruction", value: 98.1),
            ProgressTerm(name: "divergence", value: 6.1345),
        ],
        samplesPerSecond: 12345, secondsLeft: 65)

    @Test func aWideTerminalShowsEverything() {
        #expect(
            progressLine(state, columns: 160, style: .blocks)
                == "epoch  3/30  ████████████████░░░░░░░░░░░░░░░░   50 %  loss 104.23  "
                + "reconstruction 98.100  divergence 6.1345  12.3k samples/s  1 min 05 s left")
    }

    @Test func aNarrowTerminalShowsWhatMattersMost() {
        #expect(
            progressLine(state, columns: 80, style: .ascii)
                == "epoch  3/30  [#####-----]   50 %  loss 104.23  12.3k samples/s  1 min 05 s left"
        )
        #expect(
            progressLine(state, columns: 40, style: .ascii)
                == "epoch  3/30  [###----]  1 min 05 s left")
        #expect(progressLine(state, columns: 12, style: .ascii) == "epoch  3/30")
        #expect(progressLine(state, columns: 6, style: .ascii) == "epoch")
        #expect(progressLine(state, columns: 0, style: .ascii) == "")
    }

    @Test func otherWorkHasATitleAndNoSamples() {
        let work = ProgressState(
            title: "t-SNE", epoch: 1, epochs: 1, samples: 250, samplesPerEpoch: 1000,
            terms: [ProgressTerm(name: "divergence", value: 1.5)], samplesPerSecond: 100,
            secondsLeft: 12)
        #expect(
            progressLine(work, columns: 60, style: .ascii)
                == "t-SNE  [###----------]   25 %  divergence 1.5000  12 s left")
    }

    /// At every width the line leaves the last column free, and what a wider
    /// terminal shows is never less.
    @Test(arguments: [BarStyle.blocks, .ascii]) func fitsEveryWidth(style: BarStyle) {
        var words = 0
        for columns in 0...200 {
            let line = progressLine(state, columns: columns, style: style)
            #expect(line.count <= max(columns - 1, 0))
            if columns > 12 {
                let shown = line.split(separator: " ").count
                #expect(shown >= words)
                words = shown
            }
        }
        #expect(words == 18)
    }

    @Test func theBarFillsByEighths() {
        func bar(_ samples: Int) -> String {
            let state = ProgressState(
                epoch: 1, epochs: 1, samples: samples, samplesPerEpoch: 64)
            return String(
                progressLine(state, columns: 27, style: .blocks).dropFirst(11).prefix(8))
        }
        #expect(bar(0) == "░░░░░░░░")
        #expect(bar(1) == "▏░░░░░░░")
        #expect(bar(31) == "███▉░░░░")
        #expect(bar(32) == "████░░░░")
        #expect(bar(64) == "████████")
        #expect(bar(1000) == "████████")
        #expect(bar(-5) == "░░░░░░░░")
    }

    @Test func anEmptyEpochHasNothingDone() {
        #expect(
            ProgressState(epoch: 1, epochs: 1, samples: 0, samplesPerEpoch: 0).fraction == 0)
    }

    @Test func theEpochLineHasBothSides() {
        let summary = EpochSummary(
            epoch: 7, epochs: 120, terms: [ProgressTerm(name: "loss", value: 104.2345)],
            heldOut: [ProgressTerm(name: "loss", value: 105.5)], samplesPerSecond: 62_500,
            seconds: 0.72)
        #expect(
            epochLine(summary)
                == "epoch   7/120  loss 104.23  (held out: loss 105.50)  62.5k samples/s  0.7 s")
    }
}

@Suite struct ProgressReporterTests {
    /// A clock that is set by hand and the text that was written.
    private final class Desk: Sendable {
        let time = Mutex(0.0)
        let text = Mutex("")

        func reporter(_ mode: ProgressReporter.Mode, columns: Int = 100) -> ProgressReporter {
            ProgressReporter(
                mode: mode, columns: { columns }, now: { self.time.withLock { $0 } },
                write: { new in self.text.withLock { $0 += new } })
        }

        func set(_ seconds: Double) { time.withLock { $0 = seconds } }

        /// What was written since the last time.
        func take() -> String {
            text.withLock { text in
                defer { text = "" }
                return text
            }
        }
    }

    private func state(_ epoch: Int, _ samples: Int) -> ProgressState {
        ProgressState(epoch: epoch, epochs: 2, samples: samples, samplesPerEpoch: 1000)
    }

    private let summary = EpochSummary(
        epoch: 1, epochs: 2, terms: [ProgressTerm(name: "loss", value: 2)], seconds: 3)

    @Test func theLiveLineIsDrawnTenTimesASecondAtMost() {
        let desk = Desk()
        var reporter = desk.reporter(.live(.ascii))
        var drawings = 0
        for tick in 0...1000 {
            desk.set(Double(tick) / 500)
            reporter.update(state(1, tick))
            if !desk.take().isEmpty { drawings += 1 }
        }
        #expect((15...21).contains(drawings))
    }

    @Test func rateAndTimeLeftComeFromTheClock() {
        let desk = Desk()
        var reporter = desk.reporter(.live(.ascii))
        reporter.update(state(1, 0))
        #expect(!desk.take().contains("left"))
        desk.set(5)
        reporter.update(state(1, 500))
        #expect(desk.take().hasSuffix("100 samples/s  15 s left"))
        // A resumed run is measured from where it was resumed.
        var resumed = desk.reporter(.live(.ascii))
        resumed.update(state(2, 500))
        desk.set(6)
        resumed.update(state(2, 700))
        #expect(desk.take().hasSuffix("200 samples/s  1.5 s left"))
    }

    @Test func lastingLinesReplaceTheLiveOne() {
        let desk = Desk()
        var reporter = desk.reporter(.live(.ascii))
        reporter.update(state(1, 10))
        #expect(desk.take().hasPrefix("\r\u{1B}[2Kepoch 1/2"))
        reporter.finish(summary)
        #expect(desk.take() == "\r\u{1B}[2Kepoch 1/2  loss 2.0000  3.0 s\n")
        reporter.note("saved")
        #expect(desk.take() == "saved\n")
        reporter.update(state(2, 10))
        _ = desk.take()
        reporter.end()
        #expect(desk.take() == "\r\u{1B}[2K")
        reporter.end()
        #expect(desk.take() == "")
    }

    @Test func aFileGetsPlainLinesOnly() {
        let desk = Desk()
        var reporter = desk.reporter(.lines)
        reporter.update(state(1, 10))
        reporter.finish(summary)
        reporter.end()
        #expect(desk.take() == "epoch 1/2  loss 2.0000  3.0 s\n")
    }

    @Test func quietIsSilent() {
        let desk = Desk()
        var reporter = desk.reporter(.silent)
        reporter.update(state(1, 10))
        reporter.finish(summary)
        reporter.note("saved")
        reporter.end()
        #expect(desk.take() == "")
    }

    @Test func theModeFollowsTheTerminal() {
        func mode(_ quiet: Bool, _ terminal: Bool, _ environment: [String: String])
            -> ProgressReporter.Mode
        {
            Terminal.progressMode(
                quiet: quiet, isTerminal: terminal, environment: environment)
        }
        #expect(mode(true, true, [:]) == .silent)
        #expect(mode(false, false, ["LANG": "en_GB.UTF-8"]) == .lines)
        #expect(mode(false, true, ["TERM": "dumb"]) == .lines)
        #expect(mode(false, true, ["LANG": "en_GB.UTF-8"]) == .live(.blocks))
        #expect(mode(false, true, ["LC_ALL": "C", "LANG": "en_GB.UTF-8"]) == .live(.ascii))
        #expect(mode(false, true, ["LC_ALL": "", "LANG": "C.utf8"]) == .live(.blocks))
        #expect(mode(false, true, [:]) == .live(.ascii))
    }
}
